//! Which connections a user may run by roles. Worked out once for a user, and not again for every
//! connection of every app: a backup may have a thousand of each, and as many roles.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::flow::Category;
use crate::package::Key;
use crate::package::data::{Data, SecuredId};

/// How much is remembered of users, in words of [`Set`], before it is forgotten and worked out anew.
const REMEMBERED: usize = 4 << 20;

/// What is known of users and roles so far.
pub(super) struct Runnable<'a> {
    data: &'a Data,
    roles: RefCell<BTreeMap<Key, Rc<Set>>>,
    users: RefCell<Users>,
}

#[derive(Default)]
struct Users {
    sets: BTreeMap<Key, Rc<Set>>,
    words: usize,
}

impl<'a> Runnable<'a> {
    pub(super) fn new(data: &'a Data) -> Self {
        Self {
            data,
            roles: RefCell::default(),
            users: RefCell::default(),
        }
    }

    /// Whether a user may run a connection by `roles`, which are all that the user has.
    pub(super) fn has(
        &self,
        user: Key,
        roles: impl Iterator<Item = Key>,
        connection: SecuredId,
    ) -> bool {
        let mut users = self.users.borrow_mut();
        if let Some(set) = users.sets.get(&user) {
            return set.has(connection);
        }
        let mut words = vec![0; self.data.secured.len().div_ceil(64)];
        for role in roles {
            self.of_role(role).add_to(&mut words);
        }
        let set = Rc::new(Set::of(&words));
        if users.words > REMEMBERED {
            *users = Users::default();
        }
        users.words += set.0.len();
        users.sets.insert(user, Rc::clone(&set));
        set.has(connection)
    }

    fn of_role(&self, role: Key) -> Rc<Set> {
        let mut roles = self.roles.borrow_mut();
        let set = roles.entry(role).or_insert_with(|| {
            let grants = self.data.grants_of(role).iter();
            let of_connections = grants.filter(|grant| grant.category == Category::Connections);
            let run = of_connections.filter(|grant| grant.permissions.can_run());
            Rc::new(run.filter_map(|grant| grant.item).collect())
        });
        Rc::clone(set)
    }
}

/// Items, 64 to a word; words without any are left out, so that a role with few grants takes little.
#[derive(Debug, PartialEq, Eq)]
struct Set(Vec<(usize, u64)>);

impl Set {
    fn of(words: &[u64]) -> Self {
        let numbered = words.iter().copied().enumerate();
        Self(numbered.filter(|(_, word)| *word != 0).collect())
    }

    fn has(&self, item: SecuredId) -> bool {
        let (number, bit) = place(item);
        let found = self.0.binary_search_by_key(&number, |(number, _)| *number);
        let word = found.ok().and_then(|at| self.0.get(at));
        word.is_some_and(|(_, word)| word & bit != 0)
    }

    fn add_to(&self, words: &mut [u64]) {
        for (number, bits) in &self.0 {
            if let Some(word) = words.get_mut(*number) {
                *word |= bits;
            }
        }
    }
}

impl FromIterator<SecuredId> for Set {
    fn from_iter<I: IntoIterator<Item = SecuredId>>(items: I) -> Self {
        let mut places: Vec<_> = items.into_iter().map(place).collect();
        places.sort_unstable();
        let mut words: Vec<(usize, u64)> = Vec::new();
        for (number, bit) in places {
            match words.last_mut() {
                Some((last, word)) if *last == number => *word |= bit,
                _ => words.push((number, bit)),
            }
        }
        Self(words)
    }
}

/// Which word an item is in, and which bit of it.
const fn place(item: SecuredId) -> (usize, u64) {
    let index = item.index();
    (index / 64, 1 << (index % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_of_a_user_are_gone_through_once() {
        let mut data = Data::default();
        let [user, role] = ["user", "role"].map(|text| data.keys.insert(text));
        let runnable = Runnable::new(&data);
        let asked = std::cell::Cell::new(0);
        for number in 0..1000 {
            let roles = [role; 7]
                .into_iter()
                .inspect(|_| asked.set(asked.get() + 1));
            assert!(!runnable.has(user, roles, SecuredId::at(number)));
        }
        assert_eq!(asked.get(), 7);
    }

    #[test]
    fn what_was_put_in_is_there_and_nothing_else() {
        let numbers = [0, 63, 64, 200, 63];
        let set: Set = numbers.into_iter().map(SecuredId::at).collect();
        assert_eq!(set.0.len(), 3);
        for number in 0..300 {
            let expected = numbers.contains(&number);
            assert_eq!(set.has(SecuredId::at(number)), expected, "{number}");
        }
        let mut words = [0; 4];
        set.add_to(&mut words);
        assert_eq!(Set::of(&words), set);
    }
}
