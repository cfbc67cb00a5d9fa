"use strict";

/** What a callback says about an attempt, and a log of what people decided. */
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
ALTER TABLE generation_attempts ADD COLUMN claimed_remote_id text;
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
DROP TABLE audit_log;
ALTER TABLE generation_attempts DROP COLUMN claimed_remote_id;
`;
