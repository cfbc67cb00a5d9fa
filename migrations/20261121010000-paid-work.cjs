"use strict";

/** What a callback says about an attempt, results of canceled work, the database's own id, and a log of what people decided. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.transaction((transaction) =>
      queryInterface.sequelize.query(UP, { transaction }),
    );
  },
  async down(queryInterface) {
    await queryInterface.sequelize.transaction((transaction) =>
      queryInterface.sequelize.query(DOWN, { transaction }),
    );
  },
};

/** A renewed lease alone is no news. */
const visibleChange = (more) => {
  const columns = `status, stage, progress, attempts, error${more}`.split(", ");
  const of = (row) => columns.map((column) => `${row}.${column}`).join(", ");
  return `(${of("OLD")}) IS DISTINCT FROM (${of("NEW")})`;
};

const UP = `
CREATE TABLE installation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  is_only boolean NOT NULL DEFAULT true UNIQUE CHECK (is_only)
);
INSERT INTO installation DEFAULT VALUES;
CREATE UNIQUE INDEX generation_tasks_reserved_model_id ON generation_tasks (reserved_model_id);
ALTER TABLE generation_attempts ADD COLUMN claimed_remote_id text;
ALTER TABLE generation_tasks ADD COLUMN rescued_at timestamptz(3);
CREATE INDEX generation_tasks_rescue ON generation_tasks (wake_at) WHERE status = 'canceled' AND wake_at IS NOT NULL;
DROP TRIGGER generation_touched ON generation_tasks;
CREATE TRIGGER generation_touched BEFORE UPDATE ON generation_tasks
  FOR EACH ROW WHEN (${visibleChange(", rescued_at")}) EXECUTE FUNCTION generation_touched();
DROP TRIGGER generation_notice ON generation_tasks;
CREATE TRIGGER generation_notice AFTER UPDATE ON generation_tasks
  FOR EACH ROW WHEN (${visibleChange(", rescued_at")}) EXECUTE FUNCTION generation_notice();
CREATE TABLE audit_log (
  id uuid PRIMARY KEY,
  action varchar(100) NOT NULL,
  subject_id uuid,
  details jsonb NOT NULL DEFAULT '{}',
  request_id text,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX audit_log_created_at ON audit_log (created_at DESC, id DESC);
CREATE INDEX audit_log_subject ON audit_log (subject_id);
`;

const DOWN = `
DROP TABLE installation;
DROP INDEX generation_tasks_reserved_model_id;
DROP INDEX generation_tasks_rescue;
DROP TABLE audit_log;
DROP TRIGGER generation_touched ON generation_tasks;
CREATE TRIGGER generation_touched BEFORE UPDATE ON generation_tasks
  FOR EACH ROW WHEN (${visibleChange("")}) EXECUTE FUNCTION generation_touched();
DROP TRIGGER generation_notice ON generation_tasks;
CREATE TRIGGER generation_notice AFTER UPDATE ON generation_tasks
  FOR EACH ROW WHEN (${visibleChange("")}) EXECUTE FUNCTION generation_notice();
ALTER TABLE generation_tasks DROP COLUMN rescued_at;
ALTER TABLE generation_attempts DROP COLUMN claimed_remote_id;
`;
