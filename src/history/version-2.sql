-- From version 1 to 2: findings are kept as facts, so that nothing has to be read out of words, of each
-- app what else the plan said of it, and the form of the upgraded archive stands in a column.

ALTER TABLE tasks ADD COLUMN
    form TEXT GENERATED ALWAYS AS (options ->> '$.form') VIRTUAL;  -- staged or final

ALTER TABLE apps ADD COLUMN
    planned TEXT CHECK (planned IS NULL OR json_valid(planned));  -- token, temporary_uploads, workspaces

ALTER TABLE log_lines ADD COLUMN
    fact TEXT CHECK (fact IS NULL OR json_valid(fact));           -- what a finding says, by its code

DROP VIEW findings;
CREATE VIEW findings AS
SELECT tasks.id AS task, tasks.source_name AS archive, tasks.started, tasks.status,
       apps.kind, apps.name AS app, code.text AS code, log_lines.level, log_lines.message,
       apps.identifier, apps.owner, log_lines.fact
FROM log_lines
JOIN tasks USING (task)
JOIN words AS code ON code.word = log_lines.finding
LEFT JOIN apps USING (task, app);
