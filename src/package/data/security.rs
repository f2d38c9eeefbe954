//! The security model: users, tokens, roles, secured items and what is granted on them.

use super::collect::{Collector, What};
use super::model::{Grant, Registration, Role, SecuredId, Token, User};
use super::slot::{Closed, Slot, flag};
use crate::flow::Category;
use crate::package::{Key, PackageError};

/// An API token.
#[derive(Debug)]
pub(super) struct TokenItem {
    key: String,
    name: Option<String>,
    user: Option<String>,
    enabled: Option<String>,
    restricted: Option<String>,
    expires: Option<String>,
    pub(super) roles: Vec<Key>,
}

impl TokenItem {
    pub(super) fn new(
        key: &str,
        at: u64,
        collector: &mut Collector<'_>,
    ) -> Result<Self, PackageError> {
        let own = collector.id(key)?;
        collector.once(What::Token, own, at);
        Ok(Self {
            key: collector.keep(key)?,
            name: None,
            user: None,
            enabled: None,
            restricted: None,
            expires: None,
            roles: Vec::new(),
        })
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        let value = match name {
            "name" => &mut self.name,
            "userid" => &mut self.user,
            "is_enabled" => &mut self.enabled,
            "is_restricted" => &mut self.restricted,
            "expirationdate" => &mut self.expires,
            _ => return None,
        };
        Some(value.into())
    }

    pub(super) fn close(
        self,
        closed: &Closed,
        collector: &mut Collector<'_>,
    ) -> Result<(), PackageError> {
        let Some(place) = closed.place else {
            return Ok(());
        };
        let user = self.user.map(|user| collector.id(&user)).transpose()?;
        collector.data.tokens.push(Token {
            key: self.key,
            name: self.name.unwrap_or_default().into(),
            user,
            enabled: flag(self.enabled.as_ref()),
            restricted: flag(self.restricted.as_ref()),
            expires: self.expires.filter(|date| !date.is_empty()),
            roles: self.roles,
            place,
        });
        Ok(())
    }
}

/// A role.
#[derive(Debug)]
pub(super) struct RoleItem {
    key: Key,
    name: Option<String>,
    internal: Option<String>,
}

impl RoleItem {
    pub(super) fn new(
        key: &str,
        at: u64,
        collector: &mut Collector<'_>,
    ) -> Result<Self, PackageError> {
        let key = collector.id(key)?;
        collector.once(What::Role, key, at);
        Ok(Self {
            key,
            name: None,
            internal: None,
        })
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        match name {
            "name" => Some((&mut self.name).into()),
            "isinternal" => Some((&mut self.internal).into()),
            _ => None,
        }
    }

    pub(super) fn close(
        self,
        closed: &Closed,
        collector: &mut Collector<'_>,
    ) -> Result<(), PackageError> {
        let name = collector.key(&self.name.unwrap_or_default())?;
        collector.data.roles.extend(closed.place.map(|place| Role {
            key: self.key,
            name,
            internal: flag(self.internal.as_ref()) == Some(true),
            place,
        }));
        Ok(())
    }
}

/// A user. Up to schema 2.42 the key is the name (seen).
#[derive(Debug)]
pub(super) struct UserItem {
    key: Key,
    name: Option<String>,
    enabled: Option<String>,
    pub(super) roles: Vec<Key>,
}

impl UserItem {
    pub(super) fn new(
        key: &str,
        at: u64,
        collector: &mut Collector<'_>,
    ) -> Result<Self, PackageError> {
        let key = collector.id(key)?;
        collector.once(What::User, key, at);
        Ok(Self {
            key,
            name: None,
            enabled: None,
            roles: Vec::new(),
        })
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        match name {
            "username" => Some((&mut self.name).into()),
            "is_enabled" => Some((&mut self.enabled).into()),
            _ => None,
        }
    }

    pub(super) fn close(self, collector: &mut Collector<'_>) -> Result<(), PackageError> {
        let key = self.key;
        let name = self.name.map(|name| collector.key(&name)).transpose()?;
        let name = name.unwrap_or(key);
        let data = &mut collector.data;
        if flag(self.enabled.as_ref()) == Some(false) {
            data.disabled_users.push(key);
        }
        data.users.push(User { key, name });
        let roles = self.roles.into_iter();
        data.registrations
            .extend(roles.map(|role| Registration { user: key, role }));
        Ok(())
    }
}

/// What a package says of a user that it does not hold (seen from schema 2.75).
#[derive(Debug)]
pub(super) struct UserMappingItem {
    key: Key,
    name: Option<String>,
}

impl UserMappingItem {
    pub(super) fn new(key: &str, collector: &mut Collector<'_>) -> Result<Self, PackageError> {
        let key = collector.id(key)?;
        Ok(Self { key, name: None })
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        (name == "name").then_some((&mut self.name).into())
    }

    pub(super) fn close(self, collector: &mut Collector<'_>) -> Result<(), PackageError> {
        if let Some(name) = self.name.filter(|name| !name.is_empty()) {
            let (key, name) = (self.key, collector.key(&name)?);
            collector.data.user_mappings.push(User { key, name });
        }
        Ok(())
    }
}

/// What grants are on: an item of a category, or the category as a whole.
#[derive(Debug)]
pub(super) struct SecuredItem {
    pub(super) category: Category,
    /// None for the category as a whole, and for an item of one that does not matter.
    name: Option<String>,
    owner_id: Option<String>,
    owner: Option<String>,
    /// Its number, once a grant has asked for it.
    id: Option<SecuredId>,
}

impl SecuredItem {
    /// A whole category.
    pub(super) const fn whole(category: Category) -> Self {
        Self {
            category,
            name: None,
            owner_id: None,
            owner: None,
            id: None,
        }
    }

    pub(super) fn new(
        category: Category,
        name: &str,
        collector: &mut Collector<'_>,
    ) -> Result<Self, PackageError> {
        let name = match category {
            Category::Other => None,
            _ => Some(collector.keep(name)?),
        };
        Ok(Self {
            name,
            ..Self::whole(category)
        })
    }

    pub(super) fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        self.name.as_ref()?;
        match name {
            "ownerid" => Some((&mut self.owner_id).into()),
            "owner" => Some((&mut self.owner).into()),
            _ => None,
        }
    }

    /// Its number; its owner is not known before it is over.
    fn id(&mut self, collector: &mut Collector<'_>) -> Option<SecuredId> {
        let (name, category) = (self.name.as_deref()?, self.category);
        let id = self
            .id
            .get_or_insert_with(|| collector.data.secure(category, name));
        Some(*id)
    }

    pub(super) fn close(mut self, collector: &mut Collector<'_>) -> Result<(), PackageError> {
        // A service matters only where something is granted on it.
        if let Category::Services | Category::Running | Category::Other = self.category {
            return Ok(());
        }
        let Some(id) = self.id(collector) else {
            return Ok(());
        };
        let owner = collector.owner(self.owner_id, self.owner)?;
        if let Some(secured) = collector.data.secured_mut(id) {
            secured.owner = owner;
        }
        Ok(())
    }
}

/// What a role is granted on the item around it.
#[derive(Debug)]
pub(super) struct GrantItem {
    role: Key,
    /// Whether it holds a permission that FME Flow does not give every app's token.
    is_more: bool,
}

impl GrantItem {
    pub(super) fn new(role: &str, collector: &mut Collector<'_>) -> Result<Self, PackageError> {
        collector.permissions.clear();
        Ok(Self {
            role: collector.id(role)?,
            is_more: false,
        })
    }

    /// A permission in a category of which no names are kept.
    pub(super) fn passed(&mut self, permission: &str, category: Category) {
        self.is_more |= !category.is_ordinary(permission);
    }

    pub(super) fn close(
        self,
        closed: &Closed,
        secured: &mut SecuredItem,
        collector: &mut Collector<'_>,
    ) -> Result<(), PackageError> {
        let Some(place) = closed.place else {
            return Ok(());
        };
        let (category, item) = match secured.category {
            Category::Running | Category::Other if self.is_more => (Category::Other, None),
            Category::Other => (Category::Running, None),
            category => (category, secured.id(collector)),
        };
        let permissions = collector.permission_set()?;
        collector.data.grants.push(Grant {
            place,
            role: self.role,
            item,
            category,
            permissions,
        });
        Ok(())
    }
}
