-- Takes the tasks of the history attached as `other` into `main`: those that are new, and those that
-- are known but further there.

CREATE TEMP TABLE taken AS
SELECT other.tasks.task AS theirs, other.tasks.id, main.tasks.task AS known
FROM other.tasks
LEFT JOIN main.tasks ON main.tasks.id = other.tasks.id
WHERE main.tasks.id IS NULL
   OR main.tasks.finished IS NULL
      AND (other.tasks.finished IS NOT NULL
           OR other.tasks.target IS NOT NULL AND main.tasks.target IS NULL
           OR other.tasks.target_size IS NOT NULL AND main.tasks.target_size IS NULL);

DELETE FROM main.tasks WHERE task IN (SELECT known FROM taken);

INSERT INTO main.tasks
      (id, kind, status, result, user, host, version, lock, options, source, source_name, source_size,
       source_sha256, source_build, source_schema, target, target_size, target_sha256, target_build,
       target_schema, started, finished, utc_offset)
SELECT id, kind, status, result, user, host, version, lock, options, source, source_name, source_size,
       source_sha256, source_build, source_schema, target, target_size, target_sha256, target_build,
       target_schema, started, finished, utc_offset
FROM other.tasks
WHERE task IN (SELECT theirs FROM taken)
ORDER BY task;

INSERT INTO main.words (text) SELECT text FROM other.words WHERE true ON CONFLICT DO NOTHING;

CREATE TEMP TABLE tasks_here (theirs INTEGER PRIMARY KEY, task INTEGER);
INSERT INTO tasks_here SELECT theirs, main.tasks.task FROM taken JOIN main.tasks USING (id);
CREATE TEMP TABLE words_here (theirs INTEGER PRIMARY KEY, word INTEGER);
INSERT INTO words_here
SELECT other.words.word, main.words.word FROM other.words JOIN main.words USING (text);

INSERT INTO main.apps (task, app, identifier, kind, name, owner_id, owner, enabled, planned)
SELECT tasks_here.task, app, identifier, kind, name, owner_id, owner, enabled, planned
FROM their_apps AS apps
JOIN tasks_here ON theirs = apps.task;

INSERT INTO main.grant_rows (task, app, number, category, item, permissions, fate, reason)
SELECT tasks_here.task, app, number, category.word, item.word, permissions.word, fate.word, reason.word
FROM other.grant_rows AS grants
JOIN tasks_here ON tasks_here.theirs = grants.task
JOIN words_here AS category ON category.theirs = grants.category
LEFT JOIN words_here AS item ON item.theirs = grants.item
JOIN words_here AS permissions ON permissions.theirs = grants.permissions
JOIN words_here AS fate ON fate.theirs = grants.fate
JOIN words_here AS reason ON reason.theirs = grants.reason;

INSERT INTO main.log_lines (task, number, at, level, code, message, app, finding, fact)
SELECT tasks_here.task, number, at, level, code, message, app, finding.word, fact
FROM their_log_lines AS lines
JOIN tasks_here ON tasks_here.theirs = lines.task
LEFT JOIN words_here AS finding ON finding.theirs = lines.finding;
