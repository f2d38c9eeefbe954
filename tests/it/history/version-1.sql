-- A history as the last flowlift that wrote version 1 made it of the fixtures; users, machines, ids and
-- folders are invented. Made with sqlite3's .dump.
PRAGMA foreign_keys = OFF;
PRAGMA application_id = 1718382455;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE apps (
    task       INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
    app        INTEGER NOT NULL,                        -- from 1, by kind and name
    identifier TEXT    NOT NULL,                        -- Flow App Identifier
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    owner_id   TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    enabled    INTEGER,                                 -- null where no token is involved
    PRIMARY KEY (task, app)
) STRICT, WITHOUT ROWID;
INSERT INTO "apps" VALUES(1,1,'dddddddd-0000-4000-8000-000000000311','automation','Flood alert 洪水','aaaaaaaa-0000-4000-8000-000000000013','chen',1);
INSERT INTO "apps" VALUES(1,2,'dddddddd-0000-4000-8000-000000000320','gallery','City portal','aaaaaaaa-0000-4000-8000-000000000010','admin',NULL);
INSERT INTO "apps" VALUES(1,3,'dddddddd-0000-4000-8000-000000000307','workspace','ambiguous-token','aaaaaaaa-0000-4000-8000-000000000013','chen',0);
INSERT INTO "apps" VALUES(1,4,'dddddddd-0000-4000-8000-000000000301','workspace','cadastre-extract','aaaaaaaa-0000-4000-8000-000000000011','anna.berg',1);
INSERT INTO "apps" VALUES(1,5,'dddddddd-0000-4000-8000-000000000308','workspace','closed-counter','aaaaaaaa-0000-4000-8000-000000000011','anna.berg',0);
INSERT INTO "apps" VALUES(1,6,'dddddddd-0000-4000-8000-000000000309','workspace','expired-permit','aaaaaaaa-0000-4000-8000-000000000011','anna.berg',0);
INSERT INTO "apps" VALUES(1,7,'dddddddd-0000-4000-8000-000000000306','workspace','lost-token','aaaaaaaa-0000-4000-8000-000000000012','björn',0);
INSERT INTO "apps" VALUES(1,8,'dddddddd-0000-4000-8000-000000000314','workspace','no-end','aaaaaaaa-0000-4000-8000-000000000011','anna.berg',1);
INSERT INTO "apps" VALUES(1,9,'dddddddd-0000-4000-8000-000000000313','workspace','odd-date','aaaaaaaa-0000-4000-8000-000000000011','anna.berg',0);
INSERT INTO "apps" VALUES(1,10,'dddddddd-0000-4000-8000-000000000310','workspace','open-data','aaaaaaaa-0000-4000-8000-000000000012','björn',1);
INSERT INTO "apps" VALUES(1,11,'dddddddd-0000-4000-8000-000000000305','workspace','road-works','aaaaaaaa-0000-4000-8000-000000000011','anna.berg',1);
INSERT INTO "apps" VALUES(1,12,'dddddddd-0000-4000-8000-000000000302','workspace','sensor-map','aaaaaaaa-0000-4000-8000-000000000011','anna.berg',1);
INSERT INTO "apps" VALUES(1,13,'dddddddd-0000-4000-8000-000000000303','workspace','shared-one','aaaaaaaa-0000-4000-8000-000000000012','björn',1);
INSERT INTO "apps" VALUES(1,14,'dddddddd-0000-4000-8000-000000000304','workspace','shared-two','aaaaaaaa-0000-4000-8000-000000000012','björn',1);
INSERT INTO "apps" VALUES(1,15,'dddddddd-0000-4000-8000-000000000312','workspace','two-roles','aaaaaaaa-0000-4000-8000-000000000011','anna.berg',1);
INSERT INTO "apps" VALUES(2,1,'dddddddd-0000-4000-8000-000000000006','ar','Underground pipes','aaaaaaaa-0000-4000-8000-000000000001','mira',1);
INSERT INTO "apps" VALUES(2,2,'dddddddd-0000-4000-8000-000000000005','automation','Storm damage intake','aaaaaaaa-0000-4000-8000-000000000001','mira',1);
INSERT INTO "apps" VALUES(2,3,'dddddddd-0000-4000-8000-000000000008','gallery','Lindhaven parks gallery','aaaaaaaa-0000-4000-8000-000000000001','mira',NULL);
INSERT INTO "apps" VALUES(2,4,'dddddddd-0000-4000-8000-000000000007','other','Bench counter','aaaaaaaa-0000-4000-8000-000000000001','mira',1);
INSERT INTO "apps" VALUES(2,5,'dddddddd-0000-4000-8000-000000000002','workspace','Bench & bin "report" <100% öffentlich + frei> for the whole city','aaaaaaaa-0000-4000-8000-000000000001','mira',1);
INSERT INTO "apps" VALUES(2,6,'dddddddd-0000-4000-8000-000000000004','workspace','legacy-form','aaaaaaaa-0000-4000-8000-000000000001','mira',0);
INSERT INTO "apps" VALUES(2,7,'dddddddd-0000-4000-8000-000000000009','workspace','seasonal-form','aaaaaaaa-0000-4000-8000-000000000001','mira',0);
INSERT INTO "apps" VALUES(2,8,'dddddddd-0000-4000-8000-000000000001','workspace','tree-inspection','aaaaaaaa-0000-4000-8000-000000000001','mira',1);
INSERT INTO "apps" VALUES(2,9,'dddddddd-0000-4000-8000-000000000003','workspace','公園マップ','aaaaaaaa-0000-4000-8000-000000000001','mira',1);
INSERT INTO "apps" VALUES(3,1,'2023ae36-65d1-54c5-be54-07428c7e0ec8','workspace','berth-booking','aaaaaaaa-0000-4000-8000-000000000002','jhansen',1);
INSERT INTO "apps" VALUES(3,2,'5988f217-02cf-56ae-8d0a-7c548ed85326','workspace','ferry map & times <beta>','aaaaaaaa-0000-4000-8000-000000000002','jhansen',0);
INSERT INTO "apps" VALUES(3,3,'d9234d6f-b9b3-5f90-9d73-6b648d682ff0','workspace','tide-table','aaaaaaaa-0000-4000-8000-000000000002','jhansen',1);
CREATE TABLE grant_rows (
    task        INTEGER NOT NULL,
    app         INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    category    INTEGER NOT NULL REFERENCES words,
    item        INTEGER REFERENCES words,               -- null for the category as such
    permissions INTEGER NOT NULL REFERENCES words,      -- sorted, between commas
    fate        INTEGER NOT NULL REFERENCES words,      -- carried, dropped or not-carried
    reason      INTEGER NOT NULL REFERENCES words,      -- the finding's code
    PRIMARY KEY (task, app, number),
    FOREIGN KEY (task, app) REFERENCES apps ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO "grant_rows" VALUES(1,1,1,1,2,3,4,5);
INSERT INTO "grant_rows" VALUES(1,1,2,1,NULL,6,7,8);
INSERT INTO "grant_rows" VALUES(1,3,1,1,9,10,11,12);
INSERT INTO "grant_rows" VALUES(1,4,1,1,13,14,4,5);
INSERT INTO "grant_rows" VALUES(1,4,2,1,9,3,4,5);
INSERT INTO "grant_rows" VALUES(1,5,1,1,9,3,4,5);
INSERT INTO "grant_rows" VALUES(1,6,1,1,9,3,4,5);
INSERT INTO "grant_rows" VALUES(1,7,1,1,15,10,11,12);
INSERT INTO "grant_rows" VALUES(1,8,1,1,9,3,4,5);
INSERT INTO "grant_rows" VALUES(1,9,1,1,9,3,4,5);
INSERT INTO "grant_rows" VALUES(1,10,1,1,13,10,11,16);
INSERT INTO "grant_rows" VALUES(1,10,2,1,15,10,11,16);
INSERT INTO "grant_rows" VALUES(1,11,1,1,9,3,4,5);
INSERT INTO "grant_rows" VALUES(1,12,1,1,15,3,4,5);
INSERT INTO "grant_rows" VALUES(1,12,2,17,18,19,7,20);
INSERT INTO "grant_rows" VALUES(1,13,1,1,15,3,4,5);
INSERT INTO "grant_rows" VALUES(1,13,2,17,21,22,7,20);
INSERT INTO "grant_rows" VALUES(1,14,1,1,15,3,4,5);
INSERT INTO "grant_rows" VALUES(1,14,2,17,21,22,7,20);
INSERT INTO "grant_rows" VALUES(1,15,1,1,13,3,4,5);
INSERT INTO "grant_rows" VALUES(1,15,2,1,9,3,4,5);
INSERT INTO "grant_rows" VALUES(1,15,3,17,18,19,7,20);
INSERT INTO "grant_rows" VALUES(2,1,1,1,34,3,4,5);
INSERT INTO "grant_rows" VALUES(2,1,2,1,35,3,4,5);
INSERT INTO "grant_rows" VALUES(2,1,3,17,21,19,7,20);
INSERT INTO "grant_rows" VALUES(2,2,1,1,34,3,4,5);
INSERT INTO "grant_rows" VALUES(2,2,2,17,18,36,7,20);
INSERT INTO "grant_rows" VALUES(2,4,1,1,35,14,4,5);
INSERT INTO "grant_rows" VALUES(2,5,1,1,37,3,4,5);
INSERT INTO "grant_rows" VALUES(2,5,2,1,38,3,4,5);
INSERT INTO "grant_rows" VALUES(2,5,3,17,18,19,7,20);
INSERT INTO "grant_rows" VALUES(2,6,1,1,35,10,11,12);
INSERT INTO "grant_rows" VALUES(2,8,1,1,34,14,4,5);
INSERT INTO "grant_rows" VALUES(2,8,2,1,35,3,4,5);
INSERT INTO "grant_rows" VALUES(2,8,3,17,18,39,7,20);
INSERT INTO "grant_rows" VALUES(2,8,4,1,NULL,40,7,8);
INSERT INTO "grant_rows" VALUES(2,8,5,17,NULL,41,7,42);
INSERT INTO "grant_rows" VALUES(2,9,1,1,43,44,4,5);
INSERT INTO "grant_rows" VALUES(2,9,2,1,45,3,4,5);
INSERT INTO "grant_rows" VALUES(3,1,1,1,51,14,4,5);
INSERT INTO "grant_rows" VALUES(3,1,2,17,18,52,7,20);
INSERT INTO "grant_rows" VALUES(3,2,1,1,53,14,4,5);
INSERT INTO "grant_rows" VALUES(3,2,2,17,NULL,54,7,42);
CREATE TABLE log_lines (
    task    INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
    number  INTEGER NOT NULL,                           -- from 1
    at      INTEGER NOT NULL,                           -- milliseconds since 1970, UTC
    level   TEXT    NOT NULL CHECK (level IN ('INFORM', 'WARN', 'ERROR')),
    code    INTEGER NOT NULL,
    message TEXT    NOT NULL,
    app     INTEGER,
    finding INTEGER REFERENCES words,
    PRIMARY KEY (task, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "log_lines" VALUES(1,1,1795262400000,'INFORM',926001,'flowlift 0.1.0 upgrades the backup city.fsconfig (build 25645, schema 2.99)',NULL,NULL);
INSERT INTO "log_lines" VALUES(1,2,1795262400000,'INFORM',926002,'Automation App "Flood alert 洪水" of "chen", identifier dddddddd-0000-4000-8000-000000000311: enabled, 1 connections carried, 0 resources dropped',1,NULL);
INSERT INTO "log_lines" VALUES(1,3,1795262400000,'INFORM',926115,'App "Flood alert 洪水": token "Automation app - Flood alert 洪水" would have expired on 2035-10-13T23:00:00; the app will not expire',1,23);
INSERT INTO "log_lines" VALUES(1,4,1795262400000,'INFORM',926101,'App "Flood alert 洪水": connection "Mail+Chat 50% <prod> & "test"" carried with NAMEDCONNECTIONS_RUN',1,5);
INSERT INTO "log_lines" VALUES(1,5,1795262400000,'WARN',926103,'App "Flood alert 洪水": general connection permission ACCESS_NAMEDCONNECTIONS dropped, apps have none in 2026.1',1,8);
INSERT INTO "log_lines" VALUES(1,6,1795262400000,'INFORM',926002,'Gallery App "City portal" of "admin", identifier dddddddd-0000-4000-8000-000000000320: no token, nothing to do, 0 connections carried, 0 resources dropped',2,NULL);
INSERT INTO "log_lines" VALUES(1,7,1795262400000,'INFORM',926002,'Workspace App "ambiguous-token" of "chen", identifier dddddddd-0000-4000-8000-000000000307: disabled, 0 connections carried, 0 resources dropped',3,NULL);
INSERT INTO "log_lines" VALUES(1,8,1795262400000,'WARN',926111,'App "ambiguous-token": token "map token" is not in the archive, so the app is disabled',3,12);
INSERT INTO "log_lines" VALUES(1,9,1795262400000,'WARN',926133,'App "ambiguous-token": workspace "City maps/streets.fmw" needs connection "Streets PostGIS" (published), and no permission to run it is carried',3,24);
INSERT INTO "log_lines" VALUES(1,10,1795262400000,'INFORM',926002,'Workspace App "cadastre-extract" of "anna.berg", identifier dddddddd-0000-4000-8000-000000000301: enabled, 2 connections carried, 0 resources dropped',4,NULL);
INSERT INTO "log_lines" VALUES(1,11,1795262400000,'INFORM',926115,'App "cadastre-extract": token "Workspace App - cadastre-extract" would have expired on 2035-10-13T23:00:00; the app will not expire',4,23);
INSERT INTO "log_lines" VALUES(1,12,1795262400000,'INFORM',926101,'App "cadastre-extract": connection "Cadastre Oracle" carried with NAMEDCONNECTIONS_RUN, NAMEDCONNECTIONS_WRITE',4,5);
INSERT INTO "log_lines" VALUES(1,13,1795262400000,'INFORM',926101,'App "cadastre-extract": connection "Streets PostGIS" carried with NAMEDCONNECTIONS_RUN',4,5);
INSERT INTO "log_lines" VALUES(1,14,1795262400000,'INFORM',926002,'Workspace App "closed-counter" of "anna.berg", identifier dddddddd-0000-4000-8000-000000000308: disabled, 1 connections carried, 0 resources dropped',5,NULL);
INSERT INTO "log_lines" VALUES(1,15,1795262400000,'WARN',926113,'App "closed-counter": token "Workspace App - closed-counter" is disabled, so the app is disabled',5,25);
INSERT INTO "log_lines" VALUES(1,16,1795262400000,'INFORM',926115,'App "closed-counter": token "Workspace App - closed-counter" would have expired on 2035-10-13T23:00:00; the app will not expire',5,23);
INSERT INTO "log_lines" VALUES(1,17,1795262400000,'INFORM',926101,'App "closed-counter": connection "Streets PostGIS" carried with NAMEDCONNECTIONS_RUN',5,5);
INSERT INTO "log_lines" VALUES(1,18,1795262400000,'INFORM',926002,'Workspace App "expired-permit" of "anna.berg", identifier dddddddd-0000-4000-8000-000000000309: disabled, 1 connections carried, 0 resources dropped',6,NULL);
INSERT INTO "log_lines" VALUES(1,19,1795262400000,'WARN',926114,'App "expired-permit": token "Workspace App - expired-permit" expired on 2026-03-01T00:00:00, so the app is disabled',6,26);
INSERT INTO "log_lines" VALUES(1,20,1795262400000,'INFORM',926101,'App "expired-permit": connection "Streets PostGIS" carried with NAMEDCONNECTIONS_RUN',6,5);
INSERT INTO "log_lines" VALUES(1,21,1795262400000,'INFORM',926002,'Workspace App "lost-token" of "björn", identifier dddddddd-0000-4000-8000-000000000306: disabled, 0 connections carried, 0 resources dropped',7,NULL);
INSERT INTO "log_lines" VALUES(1,22,1795262400000,'WARN',926111,'App "lost-token": token "Workspace App - lost-token" is not in the archive, so the app is disabled',7,12);
INSERT INTO "log_lines" VALUES(1,23,1795262400000,'WARN',926133,'App "lost-token": workspace "City maps/sensors.fmw" needs connection "Sensor Hub" (mixed), and no permission to run it is carried',7,24);
INSERT INTO "log_lines" VALUES(1,24,1795262400000,'INFORM',926002,'Workspace App "no-end" of "anna.berg", identifier dddddddd-0000-4000-8000-000000000314: enabled, 1 connections carried, 0 resources dropped',8,NULL);
INSERT INTO "log_lines" VALUES(1,25,1795262400000,'INFORM',926101,'App "no-end": connection "Streets PostGIS" carried with NAMEDCONNECTIONS_RUN',8,5);
INSERT INTO "log_lines" VALUES(1,26,1795262400000,'INFORM',926002,'Workspace App "odd-date" of "anna.berg", identifier dddddddd-0000-4000-8000-000000000313: disabled, 1 connections carried, 0 resources dropped',9,NULL);
INSERT INTO "log_lines" VALUES(1,27,1795262400000,'WARN',926116,'App "odd-date": the expiration date of token "Workspace App - odd-date" cannot be read, so the app is disabled',9,27);
INSERT INTO "log_lines" VALUES(1,28,1795262400000,'INFORM',926101,'App "odd-date": connection "Streets PostGIS" carried with NAMEDCONNECTIONS_RUN',9,5);
INSERT INTO "log_lines" VALUES(1,29,1795262400000,'INFORM',926002,'Workspace App "open-data" of "björn", identifier dddddddd-0000-4000-8000-000000000310: enabled, 0 connections carried, 0 resources dropped',10,NULL);
INSERT INTO "log_lines" VALUES(1,30,1795262400000,'INFORM',926115,'App "open-data": token "Workspace App - open-data" would have expired on 2035-10-13T23:00:00; the app will not expire',10,23);
INSERT INTO "log_lines" VALUES(1,31,1795262400000,'WARN',926112,'App "open-data": token "Workspace App - open-data" is unrestricted and names no connection, so none is carried',10,16);
INSERT INTO "log_lines" VALUES(1,32,1795262400000,'WARN',926133,'App "open-data": workspace "City maps/open data.fmw" needs connection "Cadastre Oracle" (published), and no permission to run it is carried',10,24);
INSERT INTO "log_lines" VALUES(1,33,1795262400000,'WARN',926133,'App "open-data": workspace "City maps/open data.fmw" needs connection "Sensor Hub" (published), and no permission to run it is carried',10,24);
INSERT INTO "log_lines" VALUES(1,34,1795262400000,'WARN',926133,'App "open-data": workspace "City maps/open data.fmw" uses connection "Streets PostGIS" by itself, no permission to run it is carried, so it runs with the owner''s rights; but owner "björn" may not run it',10,24);
INSERT INTO "log_lines" VALUES(1,35,1795262400000,'INFORM',926002,'Workspace App "road-works" of "anna.berg", identifier dddddddd-0000-4000-8000-000000000305: enabled, 1 connections carried, 0 resources dropped',11,NULL);
INSERT INTO "log_lines" VALUES(1,36,1795262400000,'INFORM',926115,'App "road-works": token "Workspace App - road-works" would have expired on 2035-10-13T23:00:00; the app will not expire',11,23);
INSERT INTO "log_lines" VALUES(1,37,1795262400000,'WARN',926118,'App "road-works": token "Workspace App - road-works" belongs to "admin" but the app to "anna.berg"; in 2026.1 the app has the owner''s rights',11,28);
INSERT INTO "log_lines" VALUES(1,38,1795262400000,'INFORM',926101,'App "road-works": connection "Streets PostGIS" carried with NAMEDCONNECTIONS_RUN',11,5);
INSERT INTO "log_lines" VALUES(1,39,1795262400000,'INFORM',926002,'Workspace App "sensor-map" of "anna.berg", identifier dddddddd-0000-4000-8000-000000000302: enabled, 1 connections carried, 1 resources dropped',12,NULL);
INSERT INTO "log_lines" VALUES(1,40,1795262400000,'INFORM',926115,'App "sensor-map": token "Workspace App - sensor-map" would have expired on 2035-10-13T23:00:00; the app will not expire',12,23);
INSERT INTO "log_lines" VALUES(1,41,1795262400000,'INFORM',926101,'App "sensor-map": connection "Sensor Hub" carried with NAMEDCONNECTIONS_RUN',12,5);
INSERT INTO "log_lines" VALUES(1,42,1795262400000,'WARN',926131,'App "sensor-map": owner "anna.berg" may not run connection "Sensor Hub"',12,29);
INSERT INTO "log_lines" VALUES(1,43,1795262400000,'WARN',926102,'App "sensor-map": resource "FME_SHAREDRESOURCE_DATA" dropped, it had SHAREDRESOURCE_READ',12,20);
INSERT INTO "log_lines" VALUES(1,44,1795262400000,'INFORM',926106,'App "sensor-map": resource "FME_SHAREDRESOURCE_DATA" cannot be added again: the app asks for no file, so it has no Resource Permissions tab in 2026.1',12,30);
INSERT INTO "log_lines" VALUES(1,45,1795262400000,'INFORM',926002,'Workspace App "shared-one" of "björn", identifier dddddddd-0000-4000-8000-000000000303: enabled, 1 connections carried, 1 resources dropped',13,NULL);
INSERT INTO "log_lines" VALUES(1,46,1795262400000,'INFORM',926115,'App "shared-one": token "Shared map token" would have expired on 2035-10-13T23:00:00; the app will not expire',13,23);
INSERT INTO "log_lines" VALUES(1,47,1795262400000,'INFORM',926117,'App "shared-one": token "Shared map token" is shared by 2 apps; each gets its permissions',13,31);
INSERT INTO "log_lines" VALUES(1,48,1795262400000,'INFORM',926101,'App "shared-one": connection "Sensor Hub" carried with NAMEDCONNECTIONS_RUN',13,5);
INSERT INTO "log_lines" VALUES(1,49,1795262400000,'WARN',926102,'App "shared-one": resource "FME_SHAREDRESOURCE_ENGINE" dropped, it had SHAREDRESOURCE_READ, SHAREDRESOURCE_WRITE',13,20);
INSERT INTO "log_lines" VALUES(1,50,1795262400000,'INFORM',926106,'App "shared-one": resource "FME_SHAREDRESOURCE_ENGINE" cannot be added again: the app asks for no file, so it has no Resource Permissions tab in 2026.1',13,30);
INSERT INTO "log_lines" VALUES(1,51,1795262400000,'INFORM',926002,'Workspace App "shared-two" of "björn", identifier dddddddd-0000-4000-8000-000000000304: enabled, 1 connections carried, 1 resources dropped',14,NULL);
INSERT INTO "log_lines" VALUES(1,52,1795262400000,'INFORM',926115,'App "shared-two": token "Shared map token" would have expired on 2035-10-13T23:00:00; the app will not expire',14,23);
INSERT INTO "log_lines" VALUES(1,53,1795262400000,'INFORM',926117,'App "shared-two": token "Shared map token" is shared by 2 apps; each gets its permissions',14,31);
INSERT INTO "log_lines" VALUES(1,54,1795262400000,'INFORM',926101,'App "shared-two": connection "Sensor Hub" carried with NAMEDCONNECTIONS_RUN',14,5);
INSERT INTO "log_lines" VALUES(1,55,1795262400000,'WARN',926102,'App "shared-two": resource "FME_SHAREDRESOURCE_ENGINE" dropped, it had SHAREDRESOURCE_READ, SHAREDRESOURCE_WRITE',14,20);
INSERT INTO "log_lines" VALUES(1,56,1795262400000,'INFORM',926106,'App "shared-two": resource "FME_SHAREDRESOURCE_ENGINE" cannot be added again: the app asks for no file, so it has no Resource Permissions tab in 2026.1',14,30);
INSERT INTO "log_lines" VALUES(1,57,1795262400000,'INFORM',926002,'Workspace App "two-roles" of "anna.berg", identifier dddddddd-0000-4000-8000-000000000312: enabled, 2 connections carried, 1 resources dropped',15,NULL);
INSERT INTO "log_lines" VALUES(1,58,1795262400000,'INFORM',926115,'App "two-roles": token "Two roles, one token" would have expired on 2035-10-13T23:00:00; the app will not expire',15,23);
INSERT INTO "log_lines" VALUES(1,59,1795262400000,'INFORM',926101,'App "two-roles": connection "Cadastre Oracle" carried with NAMEDCONNECTIONS_RUN',15,5);
INSERT INTO "log_lines" VALUES(1,60,1795262400000,'INFORM',926101,'App "two-roles": connection "Streets PostGIS" carried with NAMEDCONNECTIONS_RUN',15,5);
INSERT INTO "log_lines" VALUES(1,61,1795262400000,'WARN',926102,'App "two-roles": resource "FME_SHAREDRESOURCE_DATA" dropped, it had SHAREDRESOURCE_READ',15,20);
INSERT INTO "log_lines" VALUES(1,62,1795262400000,'INFORM',926106,'App "two-roles": resource "FME_SHAREDRESOURCE_DATA" cannot be added again: the app asks for no file, so it has no Resource Permissions tab in 2026.1',15,30);
INSERT INTO "log_lines" VALUES(1,63,1795262400000,'INFORM',926119,'token "Workspace App - cadastre-extract" of "anna.berg" retired, with its role and 6 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,64,1795262400000,'INFORM',926119,'token "Workspace App - sensor-map" of "anna.berg" retired, with its role and 5 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,65,1795262400000,'INFORM',926119,'token "Shared map token" of "björn" retired, with its role and 6 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,66,1795262400000,'INFORM',926119,'token "Workspace App - road-works" of "admin" retired, with its role and 4 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,67,1795262400000,'INFORM',926119,'token "Workspace App - closed-counter" of "anna.berg" retired, with its role and 4 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,68,1795262400000,'INFORM',926119,'token "Workspace App - expired-permit" of "anna.berg" retired, with its role and 5 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,69,1795262400000,'INFORM',926119,'token "Workspace App - open-data" of "björn" retired, with its role and 0 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,70,1795262400000,'INFORM',926120,'role "token:chen.Automation app - Flood alert 洪水" kept, because something else is registered on it too',NULL,33);
INSERT INTO "log_lines" VALUES(1,71,1795262400000,'INFORM',926119,'token "Automation app - Flood alert 洪水" of "chen" retired, with its role and 0 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,72,1795262400000,'INFORM',926119,'token "Two roles, one token" of "anna.berg" retired, with its role and 4 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,73,1795262400000,'INFORM',926119,'token "Workspace App - odd-date" of "anna.berg" retired, with its role and 4 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,74,1795262400000,'INFORM',926119,'token "Workspace App - no-end" of "anna.berg" retired, with its role and 4 grants',NULL,32);
INSERT INTO "log_lines" VALUES(1,75,1795262400000,'INFORM',926009,'15 apps, 13 connections carried, 4 resources dropped, 11 tokens retired, 18 warnings; written to city-2026.1.fsconfig (build 26121, schema 2.111)',NULL,NULL);
INSERT INTO "log_lines" VALUES(2,1,1795262400000,'INFORM',926001,'flowlift 0.1.0 upgrades the project parks-2.99.fsproject (build 25645, schema 2.99)',NULL,NULL);
INSERT INTO "log_lines" VALUES(2,2,1795262400000,'INFORM',926002,'AR App "Underground pipes" of "mira", identifier dddddddd-0000-4000-8000-000000000006: enabled, 2 connections carried, 1 resources dropped',1,NULL);
INSERT INTO "log_lines" VALUES(2,3,1795262400000,'WARN',926141,'App "Underground pipes": apps of the kind ar were not seen in any archive; this one is migrated like the others',1,46);
INSERT INTO "log_lines" VALUES(2,4,1795262400000,'INFORM',926115,'App "Underground pipes": token "AR App - Underground pipes" would have expired on 2035-10-13T23:00:00; the app will not expire',1,23);
INSERT INTO "log_lines" VALUES(2,5,1795262400000,'INFORM',926101,'App "Underground pipes": connection "City Slack" carried with NAMEDCONNECTIONS_RUN',1,5);
INSERT INTO "log_lines" VALUES(2,6,1795262400000,'INFORM',926101,'App "Underground pipes": connection "Parks PostGIS" carried with NAMEDCONNECTIONS_RUN',1,5);
INSERT INTO "log_lines" VALUES(2,7,1795262400000,'WARN',926102,'App "Underground pipes": resource "FME_SHAREDRESOURCE_ENGINE" dropped, it had SHAREDRESOURCE_READ',1,20);
INSERT INTO "log_lines" VALUES(2,8,1795262400000,'INFORM',926133,'App "Underground pipes": workspace "Parks and Trees/Tree Inspection.fmw" uses connection "Bäume & Höfe <Oracle> "2025"" by itself, no permission to run it is carried, so it runs with the owner''s rights',1,24);
INSERT INTO "log_lines" VALUES(2,9,1795262400000,'WARN',926105,'App "Underground pipes": resource "FME_SHAREDRESOURCE_ENGINE" has to be added again by hand, for the app asks for files: "SourceDataset_CSV2"',1,47);
INSERT INTO "log_lines" VALUES(2,10,1795262400000,'INFORM',926002,'Automation App "Storm damage intake" of "mira", identifier dddddddd-0000-4000-8000-000000000005: enabled, 1 connections carried, 1 resources dropped',2,NULL);
INSERT INTO "log_lines" VALUES(2,11,1795262400000,'INFORM',926115,'App "Storm damage intake": token "Automation app - Storm damage intake" would have expired on 2035-10-13T23:00:00; the app will not expire',2,23);
INSERT INTO "log_lines" VALUES(2,12,1795262400000,'INFORM',926101,'App "Storm damage intake": connection "City Slack" carried with NAMEDCONNECTIONS_RUN',2,5);
INSERT INTO "log_lines" VALUES(2,13,1795262400000,'WARN',926102,'App "Storm damage intake": resource "FME_SHAREDRESOURCE_DATA" dropped, it had SHAREDRESOURCE_DELETE, SHAREDRESOURCE_READ, SHAREDRESOURCE_WRITE',2,20);
INSERT INTO "log_lines" VALUES(2,14,1795262400000,'INFORM',926133,'App "Storm damage intake": workspace "Parks and Trees/Tree Inspection.fmw" uses connection "Bäume & Höfe <Oracle> "2025"" by itself, no permission to run it is carried, so it runs with the owner''s rights',2,24);
INSERT INTO "log_lines" VALUES(2,15,1795262400000,'WARN',926133,'App "Storm damage intake": workspace "Parks and Trees/Tree Inspection.fmw" needs connection "Parks PostGIS" (published), and no permission to run it is carried',2,24);
INSERT INTO "log_lines" VALUES(2,16,1795262400000,'WARN',926105,'App "Storm damage intake": resource "FME_SHAREDRESOURCE_DATA" has to be added again by hand, for the app asks for files: "SourceDataset_CSV2"',2,47);
INSERT INTO "log_lines" VALUES(2,17,1795262400000,'INFORM',926002,'Gallery App "Lindhaven parks gallery" of "mira", identifier dddddddd-0000-4000-8000-000000000008: no token, nothing to do, 0 connections carried, 0 resources dropped',3,NULL);
INSERT INTO "log_lines" VALUES(2,18,1795262400000,'INFORM',926002,'App of an unknown kind "Bench counter" of "mira", identifier dddddddd-0000-4000-8000-000000000007: enabled, 1 connections carried, 0 resources dropped',4,NULL);
INSERT INTO "log_lines" VALUES(2,19,1795262400000,'WARN',926141,'App "Bench counter": apps of the kind other were not seen in any archive; this one is migrated like the others',4,46);
INSERT INTO "log_lines" VALUES(2,20,1795262400000,'INFORM',926115,'App "Bench counter": token "Widget App - Bench counter" would have expired on 2035-10-13T23:00:00; the app will not expire',4,23);
INSERT INTO "log_lines" VALUES(2,21,1795262400000,'INFORM',926101,'App "Bench counter": connection "Parks PostGIS" carried with NAMEDCONNECTIONS_RUN, NAMEDCONNECTIONS_WRITE',4,5);
INSERT INTO "log_lines" VALUES(2,22,1795262400000,'INFORM',926002,'Workspace App "Bench & bin "report" <100% öffentlich + frei> for the whole city" of "mira", identifier dddddddd-0000-4000-8000-000000000002: enabled, 2 connections carried, 1 resources dropped',5,NULL);
INSERT INTO "log_lines" VALUES(2,23,1795262400000,'INFORM',926115,'App "Bench & bin "report" <100% öffentlich + frei> for the whole city": token "Workspace App - Bench & bin "report" <100% öffentlich + frei> for the whole city" would have expired on 2035-10-13T23:00:00; the app will not expire',5,23);
INSERT INTO "log_lines" VALUES(2,24,1795262400000,'INFORM',926101,'App "Bench & bin "report" <100% öffentlich + frei> for the whole city": connection "Altes Archiv" carried with NAMEDCONNECTIONS_RUN',5,5);
INSERT INTO "log_lines" VALUES(2,25,1795262400000,'WARN',926132,'App "Bench & bin "report" <100% öffentlich + frei> for the whole city": connection "Altes Archiv" is not in the archive',5,48);
INSERT INTO "log_lines" VALUES(2,26,1795262400000,'INFORM',926101,'App "Bench & bin "report" <100% öffentlich + frei> for the whole city": connection "Slack+Teams 50%" carried with NAMEDCONNECTIONS_RUN',5,5);
INSERT INTO "log_lines" VALUES(2,27,1795262400000,'WARN',926102,'App "Bench & bin "report" <100% öffentlich + frei> for the whole city": resource "FME_SHAREDRESOURCE_DATA" dropped, it had SHAREDRESOURCE_READ',5,20);
INSERT INTO "log_lines" VALUES(2,28,1795262400000,'WARN',926133,'App "Bench & bin "report" <100% öffentlich + frei> for the whole city": workspace "Parks and Trees/bench report.fmw" needs connection "Parks PostGIS" (published), and no permission to run it is carried',5,24);
INSERT INTO "log_lines" VALUES(2,29,1795262400000,'INFORM',926134,'App "Bench & bin "report" <100% öffentlich + frei> for the whole city": connection "Altes Archiv" is carried, but no workspace of the app declares it',5,49);
INSERT INTO "log_lines" VALUES(2,30,1795262400000,'INFORM',926134,'App "Bench & bin "report" <100% öffentlich + frei> for the whole city": connection "Slack+Teams 50%" is carried, but no workspace of the app declares it',5,49);
INSERT INTO "log_lines" VALUES(2,31,1795262400000,'INFORM',926106,'App "Bench & bin "report" <100% öffentlich + frei> for the whole city": resource "FME_SHAREDRESOURCE_DATA" cannot be added again: the app asks for no file, so it has no Resource Permissions tab in 2026.1',5,30);
INSERT INTO "log_lines" VALUES(2,32,1795262400000,'INFORM',926002,'Workspace App "legacy-form" of "mira", identifier dddddddd-0000-4000-8000-000000000004: disabled, 0 connections carried, 0 resources dropped',6,NULL);
INSERT INTO "log_lines" VALUES(2,33,1795262400000,'WARN',926111,'App "legacy-form": the app names no token, so it is disabled',6,12);
INSERT INTO "log_lines" VALUES(2,34,1795262400000,'WARN',926133,'App "legacy-form": workspace "Parks and Trees/bench report.fmw" needs connection "Parks PostGIS" (published), and no permission to run it is carried',6,24);
INSERT INTO "log_lines" VALUES(2,35,1795262400000,'INFORM',926002,'Workspace App "seasonal-form" of "mira", identifier dddddddd-0000-4000-8000-000000000009: disabled, 0 connections carried, 0 resources dropped',7,NULL);
INSERT INTO "log_lines" VALUES(2,36,1795262400000,'INFORM',926142,'App "seasonal-form": the app is in its 2026.1 form already',7,50);
INSERT INTO "log_lines" VALUES(2,37,1795262400000,'INFORM',926002,'Workspace App "tree-inspection" of "mira", identifier dddddddd-0000-4000-8000-000000000001: enabled, 2 connections carried, 1 resources dropped',8,NULL);
INSERT INTO "log_lines" VALUES(2,38,1795262400000,'INFORM',926115,'App "tree-inspection": token "Workspace App - tree-inspection" would have expired on 2035-10-13T23:00:00; the app will not expire',8,23);
INSERT INTO "log_lines" VALUES(2,39,1795262400000,'INFORM',926101,'App "tree-inspection": connection "City Slack" carried with NAMEDCONNECTIONS_RUN, NAMEDCONNECTIONS_WRITE',8,5);
INSERT INTO "log_lines" VALUES(2,40,1795262400000,'INFORM',926101,'App "tree-inspection": connection "Parks PostGIS" carried with NAMEDCONNECTIONS_RUN',8,5);
INSERT INTO "log_lines" VALUES(2,41,1795262400000,'WARN',926102,'App "tree-inspection": resource "FME_SHAREDRESOURCE_DATA" dropped, it had SHAREDRESOURCE_DOWNLOAD, SHAREDRESOURCE_READ, SHAREDRESOURCE_UPLOAD',8,20);
INSERT INTO "log_lines" VALUES(2,42,1795262400000,'WARN',926103,'App "tree-inspection": general connection permission ACCESS_NAMEDCONNECTIONS, CREATE_NAMEDCONNECTIONS dropped, apps have none in 2026.1',8,8);
INSERT INTO "log_lines" VALUES(2,43,1795262400000,'WARN',926104,'App "tree-inspection": general resource permission ACCESS_SHAREDRESOURCES dropped, apps have none in 2026.1',8,42);
INSERT INTO "log_lines" VALUES(2,44,1795262400000,'INFORM',926133,'App "tree-inspection": workspace "Parks and Trees/Tree Inspection.fmw" uses connection "Bäume & Höfe <Oracle> "2025"" by itself, no permission to run it is carried, so it runs with the owner''s rights',8,24);
INSERT INTO "log_lines" VALUES(2,45,1795262400000,'WARN',926105,'App "tree-inspection": resource "FME_SHAREDRESOURCE_DATA" has to be added again by hand, for the app asks for files: "SourceDataset_CSV2"',8,47);
INSERT INTO "log_lines" VALUES(2,46,1795262400000,'INFORM',926002,'Workspace App "公園マップ" of "mira", identifier dddddddd-0000-4000-8000-000000000003: enabled, 2 connections carried, 0 resources dropped',9,NULL);
INSERT INTO "log_lines" VALUES(2,47,1795262400000,'INFORM',926115,'App "公園マップ": token "Karten-Token für 公園" would have expired on 2035-10-13T23:00:00; the app will not expire',9,23);
INSERT INTO "log_lines" VALUES(2,48,1795262400000,'INFORM',926101,'App "公園マップ": connection "Bäume & Höfe <Oracle> "2025"" carried with NAMEDCONNECTIONS_WRITE',9,5);
INSERT INTO "log_lines" VALUES(2,49,1795262400000,'INFORM',926101,'App "公園マップ": connection "樹木台帳" carried with NAMEDCONNECTIONS_RUN',9,5);
INSERT INTO "log_lines" VALUES(2,50,1795262400000,'INFORM',926134,'App "公園マップ": connection "Bäume & Höfe <Oracle> "2025"" is carried, but no workspace of the app declares it',9,49);
INSERT INTO "log_lines" VALUES(2,51,1795262400000,'INFORM',926119,'token "Workspace App - tree-inspection" of "mira" retired, with its role and 9 grants',NULL,32);
INSERT INTO "log_lines" VALUES(2,52,1795262400000,'INFORM',926119,'token "Workspace App - Bench & bin "report" <100% öffentlich + frei> for the whole city" of "mira" retired, with its role and 6 grants',NULL,32);
INSERT INTO "log_lines" VALUES(2,53,1795262400000,'INFORM',926119,'token "Karten-Token für 公園" of "mira" retired, with its role and 5 grants',NULL,32);
INSERT INTO "log_lines" VALUES(2,54,1795262400000,'INFORM',926119,'token "Automation app - Storm damage intake" of "mira" retired, with its role and 4 grants',NULL,32);
INSERT INTO "log_lines" VALUES(2,55,1795262400000,'INFORM',926119,'token "AR App - Underground pipes" of "mira" retired, with its role and 4 grants',NULL,32);
INSERT INTO "log_lines" VALUES(2,56,1795262400000,'INFORM',926119,'token "Widget App - Bench counter" of "mira" retired, with its role and 1 grants',NULL,32);
INSERT INTO "log_lines" VALUES(2,57,1795262400000,'INFORM',926009,'9 apps, 10 connections carried, 4 resources dropped, 6 tokens retired, 16 warnings; written to parks-2.99-2026.1.fsproject (build 26121, schema 2.111)',NULL,NULL);
INSERT INTO "log_lines" VALUES(3,1,1795262400000,'INFORM',926001,'flowlift 0.1.0 upgrades the project harbour-2.57.fsproject (build 22337, schema 2.57)',NULL,NULL);
INSERT INTO "log_lines" VALUES(3,2,1795262400000,'INFORM',926002,'Workspace App "berth-booking" of "jhansen", identifier 2023ae36-65d1-54c5-be54-07428c7e0ec8: enabled, 1 connections carried, 1 resources dropped',1,NULL);
INSERT INTO "log_lines" VALUES(3,3,1795262400000,'INFORM',926115,'App "berth-booking": token "Workspace App - berth-booking" would have expired on 2032-05-26T00:00:00; the app will not expire',1,23);
INSERT INTO "log_lines" VALUES(3,4,1795262400000,'INFORM',926101,'App "berth-booking": connection "Harbour SQL Server" carried with NAMEDCONNECTIONS_RUN, NAMEDCONNECTIONS_WRITE',1,5);
INSERT INTO "log_lines" VALUES(3,5,1795262400000,'WARN',926102,'App "berth-booking": resource "FME_SHAREDRESOURCE_DATA" dropped, it had SHAREDRESOURCE_DELETE, SHAREDRESOURCE_DOWNLOAD, SHAREDRESOURCE_READ, SHAREDRESOURCE_UPLOAD, SHAREDRESOURCE_WRITE',1,20);
INSERT INTO "log_lines" VALUES(3,6,1795262400000,'WARN',926105,'App "berth-booking": resource "FME_SHAREDRESOURCE_DATA" has to be added again by hand, for the app asks for files: "DestDataset_CSV2", "SourceDataset_CSV2"',1,47);
INSERT INTO "log_lines" VALUES(3,7,1795262400000,'INFORM',926002,'Workspace App "ferry map & times <beta>" of "jhansen", identifier 5988f217-02cf-56ae-8d0a-7c548ed85326: disabled, 1 connections carried, 0 resources dropped',2,NULL);
INSERT INTO "log_lines" VALUES(3,8,1795262400000,'WARN',926113,'App "ferry map & times <beta>": token "Workspace App - ferry map & times <beta>" is disabled, so the app is disabled',2,25);
INSERT INTO "log_lines" VALUES(3,9,1795262400000,'INFORM',926115,'App "ferry map & times <beta>": token "Workspace App - ferry map & times <beta>" would have expired on 2032-05-26T00:00:00; the app will not expire',2,23);
INSERT INTO "log_lines" VALUES(3,10,1795262400000,'INFORM',926101,'App "ferry map & times <beta>": connection "Fähren & Fracht" carried with NAMEDCONNECTIONS_RUN, NAMEDCONNECTIONS_WRITE',2,5);
INSERT INTO "log_lines" VALUES(3,11,1795262400000,'WARN',926104,'App "ferry map & times <beta>": general resource permission ACCESS_SHAREDRESOURCES, CREATE_SHAREDRESOURCES dropped, apps have none in 2026.1',2,42);
INSERT INTO "log_lines" VALUES(3,12,1795262400000,'INFORM',926002,'Workspace App "tide-table" of "jhansen", identifier d9234d6f-b9b3-5f90-9d73-6b648d682ff0: enabled, 0 connections carried, 0 resources dropped',3,NULL);
INSERT INTO "log_lines" VALUES(3,13,1795262400000,'INFORM',926115,'App "tide-table": token "Workspace App - tide-table" would have expired on 2032-05-26T00:00:00; the app will not expire',3,23);
INSERT INTO "log_lines" VALUES(3,14,1795262400000,'WARN',926112,'App "tide-table": token "Workspace App - tide-table" is unrestricted and names no connection, so none is carried',3,16);
INSERT INTO "log_lines" VALUES(3,15,1795262400000,'INFORM',926119,'token "Workspace App - berth-booking" of "jhansen" retired, with its role and 7 grants',NULL,32);
INSERT INTO "log_lines" VALUES(3,16,1795262400000,'INFORM',926119,'token "Workspace App - tide-table" of "jhansen" retired, with its role and 0 grants',NULL,32);
INSERT INTO "log_lines" VALUES(3,17,1795262400000,'INFORM',926119,'token "Workspace App - ferry map & times <beta>" of "jhansen" retired, with its role and 6 grants',NULL,32);
INSERT INTO "log_lines" VALUES(3,18,1795262400000,'INFORM',926151,'build and schema stay as they are: FME Flow itself has to upgrade the rest of schema 2.57',NULL,55);
INSERT INTO "log_lines" VALUES(3,19,1795262400000,'INFORM',926009,'3 apps, 2 connections carried, 1 resource dropped, 3 tokens retired, 5 warnings; written to harbour-2.57-2026.1.fsproject (build 22337, schema 2.57)',NULL,NULL);
INSERT INTO "log_lines" VALUES(4,1,1795262400000,'INFORM',926001,'flowlift 0.1.0 upgrades the project next-2.111.fsproject (build 26121, schema 2.111)',NULL,NULL);
INSERT INTO "log_lines" VALUES(4,2,1795262400000,'INFORM',926009,'it has its 2026.1 form already, nothing to do',NULL,NULL);
INSERT INTO "log_lines" VALUES(5,1,1795262400000,'INFORM',926001,'flowlift 0.1.0 reads bad.fsconfig',NULL,NULL);
INSERT INTO "log_lines" VALUES(5,2,1795262400000,'ERROR',926008,'not a ZIP: first bytes 6e 6f 20 5a 49 50 0a (text)',NULL,NULL);
CREATE TABLE tasks (
    task          INTEGER PRIMARY KEY,
    id            TEXT    NOT NULL UNIQUE,              -- UUIDv7
    kind          TEXT    CHECK (kind IN ('backup', 'project')),
    status        TEXT    NOT NULL CHECK (status IN ('submitted', 'running', 'success', 'failure')),
    result        TEXT,                                 -- how it ended, in words
    user          TEXT    NOT NULL,
    host          TEXT    NOT NULL,
    version       TEXT    NOT NULL,                     -- of flowlift
    lock          TEXT,                                 -- a file that is locked while the process lives
    options       TEXT    NOT NULL CHECK (json_valid(options)),
    source        TEXT    NOT NULL,                     -- absolute path
    source_name   TEXT    NOT NULL,                     -- its last part
    source_size   INTEGER,                              -- bytes
    source_sha256 TEXT,                                 -- hexadecimal
    source_build  INTEGER,
    source_schema TEXT,
    target        TEXT,                                 -- absolute path
    target_size   INTEGER,                              -- known from just before it gets its name
    target_sha256 TEXT,
    target_build  INTEGER,
    target_schema TEXT,
    started       TEXT    NOT NULL,                     -- 2026-11-21T12:00:00.000Z
    finished      TEXT,                                 -- the same
    utc_offset    INTEGER NOT NULL                      -- of the task log's times, in seconds
) STRICT;
INSERT INTO "tasks" VALUES(1,'019a0001-0000-7000-8000-000000000000','backup','success','migrated','mira','harbour-gis','0.1.0',NULL,'{"expand_unrestricted":false,"force":false,"keep_tokens":false,"limits":{},"stamp":"auto","target_build":26121}','/archives/city.fsconfig','city.fsconfig',182613,'408cfb160499bfd44d1c04780bd2c60d03de0792a5776412b60dc1b64d726e26',25645,'2.99','/archives/city-2026.1.fsconfig',155761,'f8fb02a87fcd08638ec10e4657610fa8acffc78521896a40802d79fd0e85e46e',26121,'2.111','2026-11-21T12:00:00.000Z','2026-11-21T12:00:00.000Z',0);
INSERT INTO "tasks" VALUES(2,'019a0002-0000-7000-8000-000000000000','project','success','migrated','mira','harbour-gis','0.1.0',NULL,'{"expand_unrestricted":false,"force":false,"keep_tokens":false,"limits":{},"stamp":"auto","target_build":26121}','/archives/parks-2.99.fsproject','parks-2.99.fsproject',121116,'cd1cf9d7045d9968d973d2058bdfca79e28f67422fcd7221d1599d103ce0738f',25645,'2.99','/archives/parks-2.99-2026.1.fsproject',104546,'7168fd3ad0ab33e9103a1ed1b38afb5ecb0f3fe0e95062cf395d32b46e59d3c4',26121,'2.111','2026-11-21T12:00:00.000Z','2026-11-21T12:00:00.000Z',0);
INSERT INTO "tasks" VALUES(3,'019a0003-0000-7000-8000-000000000000','project','success','migrated','mira','harbour-gis','0.1.0',NULL,'{"expand_unrestricted":false,"force":false,"keep_tokens":false,"limits":{},"stamp":"auto","target_build":26121}','/archives/harbour-2.57.fsproject','harbour-2.57.fsproject',62263,'1a4a8589bbc8a7a3a4372fd9ce6a473f77bc6a8168b1028ba75c38472eaee328',22337,'2.57','/archives/harbour-2.57-2026.1.fsproject',52072,'a578b54235f1b264609cd17dc9feaae49a6f6e0d75343c93d5c86c1fb5036c4e',22337,'2.57','2026-11-21T12:00:00.000Z','2026-11-21T12:00:00.000Z',0);
INSERT INTO "tasks" VALUES(4,'019a0004-0000-7000-8000-000000000000','project','success','current, nothing to do','mira','harbour-gis','0.1.0',NULL,'{"expand_unrestricted":false,"force":false,"keep_tokens":false,"limits":{},"stamp":"auto","target_build":26121}','/archives/next-2.111.fsproject','next-2.111.fsproject',39333,NULL,26121,'2.111',NULL,NULL,NULL,NULL,NULL,'2026-11-21T12:00:00.000Z','2026-11-21T12:00:00.000Z',0);
INSERT INTO "tasks" VALUES(5,'019a0005-0000-7000-8000-000000000000','backup','failure','not a ZIP: first bytes 6e 6f 20 5a 49 50 0a (text)','mira','harbour-gis','0.1.0',NULL,'{"expand_unrestricted":false,"force":false,"keep_tokens":false,"limits":{},"stamp":"auto","target_build":26121}','/archives/bad.fsconfig','bad.fsconfig',7,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-21T12:00:00.000Z','2026-11-21T12:00:00.000Z',0);
CREATE TABLE words (
    word INTEGER PRIMARY KEY,
    text TEXT    NOT NULL UNIQUE
) STRICT;
INSERT INTO "words" VALUES(1,'NamedConnections');
INSERT INTO "words" VALUES(2,'Mail+Chat 50% <prod> & "test"');
INSERT INTO "words" VALUES(3,'NAMEDCONNECTIONS_RUN');
INSERT INTO "words" VALUES(4,'carried');
INSERT INTO "words" VALUES(5,'connection-carried');
INSERT INTO "words" VALUES(6,'ACCESS_NAMEDCONNECTIONS');
INSERT INTO "words" VALUES(7,'dropped');
INSERT INTO "words" VALUES(8,'general-connection-dropped');
INSERT INTO "words" VALUES(9,'Streets PostGIS');
INSERT INTO "words" VALUES(10,'');
INSERT INTO "words" VALUES(11,'not-carried');
INSERT INTO "words" VALUES(12,'token-missing');
INSERT INTO "words" VALUES(13,'Cadastre Oracle');
INSERT INTO "words" VALUES(14,'NAMEDCONNECTIONS_RUN,NAMEDCONNECTIONS_WRITE');
INSERT INTO "words" VALUES(15,'Sensor Hub');
INSERT INTO "words" VALUES(16,'token-unrestricted');
INSERT INTO "words" VALUES(17,'SharedResources');
INSERT INTO "words" VALUES(18,'FME_SHAREDRESOURCE_DATA');
INSERT INTO "words" VALUES(19,'SHAREDRESOURCE_READ');
INSERT INTO "words" VALUES(20,'resource-dropped');
INSERT INTO "words" VALUES(21,'FME_SHAREDRESOURCE_ENGINE');
INSERT INTO "words" VALUES(22,'SHAREDRESOURCE_READ,SHAREDRESOURCE_WRITE');
INSERT INTO "words" VALUES(23,'token-expiry-lost');
INSERT INTO "words" VALUES(24,'connection-needed-not-granted');
INSERT INTO "words" VALUES(25,'token-disabled');
INSERT INTO "words" VALUES(26,'token-expired');
INSERT INTO "words" VALUES(27,'token-expiry-unreadable');
INSERT INTO "words" VALUES(28,'token-owner-differs');
INSERT INTO "words" VALUES(29,'owner-lacks-connection');
INSERT INTO "words" VALUES(30,'resource-without-file-parameter');
INSERT INTO "words" VALUES(31,'token-shared');
INSERT INTO "words" VALUES(32,'token-retired');
INSERT INTO "words" VALUES(33,'role-kept');
INSERT INTO "words" VALUES(34,'City Slack');
INSERT INTO "words" VALUES(35,'Parks PostGIS');
INSERT INTO "words" VALUES(36,'SHAREDRESOURCE_DELETE,SHAREDRESOURCE_READ,SHAREDRESOURCE_WRITE');
INSERT INTO "words" VALUES(37,'Altes Archiv');
INSERT INTO "words" VALUES(38,'Slack+Teams 50%');
INSERT INTO "words" VALUES(39,'SHAREDRESOURCE_DOWNLOAD,SHAREDRESOURCE_READ,SHAREDRESOURCE_UPLOAD');
INSERT INTO "words" VALUES(40,'ACCESS_NAMEDCONNECTIONS,CREATE_NAMEDCONNECTIONS');
INSERT INTO "words" VALUES(41,'ACCESS_SHAREDRESOURCES');
INSERT INTO "words" VALUES(42,'general-resource-dropped');
INSERT INTO "words" VALUES(43,'Bäume & Höfe <Oracle> "2025"');
INSERT INTO "words" VALUES(44,'NAMEDCONNECTIONS_WRITE');
INSERT INTO "words" VALUES(45,'樹木台帳');
INSERT INTO "words" VALUES(46,'app-kind-unverified');
INSERT INTO "words" VALUES(47,'resource-action-needed');
INSERT INTO "words" VALUES(48,'connection-not-in-archive');
INSERT INTO "words" VALUES(49,'connection-unused');
INSERT INTO "words" VALUES(50,'app-already-upgraded');
INSERT INTO "words" VALUES(51,'Harbour SQL Server');
INSERT INTO "words" VALUES(52,'SHAREDRESOURCE_DELETE,SHAREDRESOURCE_DOWNLOAD,SHAREDRESOURCE_READ,SHAREDRESOURCE_UPLOAD,SHAREDRESOURCE_WRITE');
INSERT INTO "words" VALUES(53,'Fähren & Fracht');
INSERT INTO "words" VALUES(54,'ACCESS_SHAREDRESOURCES,CREATE_SHAREDRESOURCES');
INSERT INTO "words" VALUES(55,'stamps-kept');
CREATE INDEX tasks_by_start ON tasks (started, task);
CREATE INDEX grant_rows_by_item ON grant_rows (item);
CREATE VIEW grants AS
SELECT tasks.id AS task, tasks.source_name AS archive, tasks.started, tasks.status,
       apps.kind, apps.name AS app, apps.identifier, apps.owner,
       category.text AS category, item.text AS item, permissions.text AS permissions,
       fate.text AS fate, reason.text AS reason
FROM grant_rows
JOIN tasks USING (task)
JOIN apps USING (task, app)
JOIN words AS category ON category.word = grant_rows.category
LEFT JOIN words AS item ON item.word = grant_rows.item
JOIN words AS permissions ON permissions.word = grant_rows.permissions
JOIN words AS fate ON fate.word = grant_rows.fate
JOIN words AS reason ON reason.word = grant_rows.reason;
CREATE VIEW findings AS
SELECT tasks.id AS task, tasks.source_name AS archive, tasks.started, tasks.status,
       apps.kind, apps.name AS app, code.text AS code, log_lines.level, log_lines.message
FROM log_lines
JOIN tasks USING (task)
JOIN words AS code ON code.word = log_lines.finding
LEFT JOIN apps USING (task, app);
COMMIT;
