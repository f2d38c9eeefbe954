-- The history, version 1. docs/history.md explains it; a change here is a new version there.

-- A migration that was asked for, whatever came of it.
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

CREATE INDEX tasks_by_start ON tasks (started, task);

-- Every text that is repeated a million times, once.
CREATE TABLE words (
    word INTEGER PRIMARY KEY,
    text TEXT    NOT NULL UNIQUE
) STRICT;

-- An app of a migrated archive.
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

-- What an app's token was granted, and what became of it. Read it through the view `grants`.
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

CREATE INDEX grant_rows_by_item ON grant_rows (item);

-- The task log. A line that says a finding has the finding's code in words too.
CREATE TABLE log_lines (
    task    INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
    number  INTEGER NOT NULL,                           -- from 1
    at      INTEGER NOT NULL,                           -- milliseconds since 1970, UTC
    -- Not IN: SQLite would build a table of the three, and a cache of 64 KiB for it, for every line.
    level   TEXT    NOT NULL CHECK (level = 'INFORM' OR level = 'WARN' OR level = 'ERROR'),
    code    INTEGER NOT NULL,
    message TEXT    NOT NULL,
    app     INTEGER,
    finding INTEGER REFERENCES words,
    PRIMARY KEY (task, number)
) STRICT, WITHOUT ROWID;

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
