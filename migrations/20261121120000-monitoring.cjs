"use strict";

/** What monitoring counts: why an attempt ended, whose it was, and those that were deleted; indexes for its questions. */
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

/** A counter must not fall when a generation is deleted, so its attempts are added up here. */
const UP = `
ALTER TABLE generation_attempts ADD COLUMN provider varchar(50), ADD COLUMN code varchar(100);
UPDATE generation_attempts a SET provider = g.provider FROM generation_tasks g WHERE g.id = a.generation_id;
ALTER TABLE generation_attempts ALTER COLUMN provider SET NOT NULL;
CREATE FUNCTION attempt_provider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.provider := (SELECT provider FROM generation_tasks WHERE id = NEW.generation_id);
  RETURN NEW;
END $$;
CREATE TRIGGER attempt_provider BEFORE INSERT ON generation_attempts
  FOR EACH ROW WHEN (NEW.provider IS NULL) EXECUTE FUNCTION attempt_provider();
CREATE INDEX generation_attempts_outcome ON generation_attempts (provider, state, code, number);

CREATE TABLE deleted_attempts (
  provider varchar(50) NOT NULL,
  state varchar(50) NOT NULL,
  code varchar(100),
  attempts bigint NOT NULL,
  retries bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (provider, state, code)
);
CREATE FUNCTION attempt_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO deleted_attempts AS d (provider, state, code, attempts, retries)
    VALUES (OLD.provider, OLD.state, OLD.code, 1, (OLD.number > 1)::integer)
    ON CONFLICT (provider, state, code) DO UPDATE
      SET attempts = d.attempts + EXCLUDED.attempts, retries = d.retries + EXCLUDED.retries;
  RETURN NULL;
END $$;
CREATE TRIGGER attempt_deleted AFTER DELETE ON generation_attempts
  FOR EACH ROW EXECUTE FUNCTION attempt_deleted();

ALTER TABLE generation_tasks ADD COLUMN error_code varchar(100) GENERATED ALWAYS AS (error->>'code') STORED;
CREATE INDEX generation_tasks_outcome ON generation_tasks (provider, status, error_code);
CREATE INDEX generation_tasks_finished_at ON generation_tasks (finished_at) INCLUDE (provider, status, created_at)
  WHERE finished_at IS NOT NULL;
CREATE INDEX audit_log_action ON audit_log (action);
`;

const DOWN = `
DROP INDEX audit_log_action;
DROP INDEX generation_tasks_finished_at;
DROP INDEX generation_tasks_outcome;
ALTER TABLE generation_tasks DROP COLUMN error_code;
DROP TRIGGER attempt_deleted ON generation_attempts;
DROP FUNCTION attempt_deleted();
DROP TABLE deleted_attempts;
DROP INDEX generation_attempts_outcome;
DROP TRIGGER attempt_provider ON generation_attempts;
DROP FUNCTION attempt_provider();
ALTER TABLE generation_attempts DROP COLUMN code, DROP COLUMN provider;
`;
