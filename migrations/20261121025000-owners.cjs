"use strict";

/** Whom a generation and a model belong to. Until accounts are used, everything is the local user's. */
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

const LOCAL_USER = "00000000-0000-7000-8000-000000000001";

const UP = `
CREATE TABLE users (
  id uuid PRIMARY KEY,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
INSERT INTO users (id) VALUES ('${LOCAL_USER}');
ALTER TABLE generation_tasks ADD COLUMN user_id uuid NOT NULL DEFAULT '${LOCAL_USER}' REFERENCES users (id);
ALTER TABLE generation_tasks ALTER COLUMN user_id DROP DEFAULT;
ALTER TABLE models_3d ADD COLUMN user_id uuid NOT NULL DEFAULT '${LOCAL_USER}' REFERENCES users (id);
ALTER TABLE models_3d ALTER COLUMN user_id DROP DEFAULT;
DROP INDEX generation_tasks_idempotency_key;
CREATE UNIQUE INDEX generation_tasks_idempotency_key ON generation_tasks (user_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
`;

const DOWN = `
DROP INDEX generation_tasks_idempotency_key;
CREATE UNIQUE INDEX generation_tasks_idempotency_key ON generation_tasks (idempotency_key)
  WHERE idempotency_key IS NOT NULL;
ALTER TABLE models_3d DROP COLUMN user_id;
ALTER TABLE generation_tasks DROP COLUMN user_id;
DROP TABLE users;
`;
