"use strict";

/** What keeps the audit log as it was written, and what the deletion of an account needs to be finished in steps. */
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

/**
 * The log is only added to. Two exceptions: rows older than 30 days may be deleted, and a transaction that says so may
 * take a deleted person's name and address out of them. This stops mistakes and injected statements of the product,
 * not somebody who administers the database.
 *
 * Of a deleted user the money that was spent stays. `files_to_erase` are models that are gone and photos that may be
 * without use, whose bytes still have to go: models twice, for what was being written at that moment.
 */
const UP = `
CREATE FUNCTION audit_log_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.created_at < now() - interval '30 days' THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND current_setting('photo_to_3d.erases_person', true) = 'yes'
     AND (NEW.id, NEW.action, NEW.subject_id, NEW.request_id, NEW.via, NEW.api_key_id, NEW.created_at)
         IS NOT DISTINCT FROM
         (OLD.id, OLD.action, OLD.subject_id, OLD.request_id, OLD.via, OLD.api_key_id, OLD.created_at)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'The audit log is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_guard BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION audit_log_guard();
CREATE TRIGGER audit_log_whole BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_log_guard();
DROP INDEX audit_log_action;
CREATE INDEX audit_log_action ON audit_log (action text_pattern_ops, created_at DESC, id DESC);

ALTER TABLE users ADD COLUMN deleted_at timestamptz(3);
CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL;
ALTER TABLE spendings ALTER COLUMN user_id DROP NOT NULL,
  DROP CONSTRAINT spendings_user_id_fkey,
  ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL;
CREATE TABLE files_to_erase (
  kind varchar(10) NOT NULL CHECK (kind IN ('model', 'photo')),
  id uuid NOT NULL,
  due_at timestamptz(3) NOT NULL DEFAULT now(),
  is_last boolean NOT NULL DEFAULT false,
  PRIMARY KEY (kind, id)
);
CREATE INDEX files_to_erase_due ON files_to_erase (due_at);
`;

const DOWN = `
DROP TABLE files_to_erase;
DELETE FROM spendings WHERE user_id IS NULL;
ALTER TABLE spendings ALTER COLUMN user_id SET NOT NULL,
  DROP CONSTRAINT spendings_user_id_fkey,
  ADD FOREIGN KEY (user_id) REFERENCES users (id);
ALTER TABLE users DROP COLUMN deleted_at;
DROP INDEX audit_log_action;
CREATE INDEX audit_log_action ON audit_log (action);
DROP TRIGGER audit_log_whole ON audit_log;
DROP TRIGGER audit_log_guard ON audit_log;
DROP FUNCTION audit_log_guard();
`;
