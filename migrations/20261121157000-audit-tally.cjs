"use strict";

/** A counter must not fall when old entries of the audit log are deleted, so they are added up here. */
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

const UP = `
CREATE TABLE audit_tally (
  action varchar(100) PRIMARY KEY,
  deleted bigint NOT NULL
);
CREATE FUNCTION audit_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_tally (action, deleted) SELECT action, count(*) FROM gone GROUP BY action ORDER BY action
    ON CONFLICT (action) DO UPDATE SET deleted = audit_tally.deleted + excluded.deleted;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_tally AFTER DELETE ON audit_log REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION audit_tally();
`;

const DOWN = `
DROP TRIGGER audit_tally ON audit_log;
DROP FUNCTION audit_tally();
DROP TABLE audit_tally;
`;
