"use strict";

/**
 * Share links. The token is kept as it is, not as a hash, so that its owner can copy the link again: it only lets
 * people look at models whose rows stand beside it, and it can be revoked.
 */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.transaction((transaction) =>
      queryInterface.sequelize.query(UP, { transaction }),
    );
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query("DROP TABLE shares");
  },
};

const UP = `
CREATE TABLE shares (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token varchar(22) NOT NULL UNIQUE CHECK (token ~ '^[A-Za-z0-9_-]{22}$'),
  title varchar(200),
  model_id uuid REFERENCES models_3d (id) ON DELETE CASCADE,
  tag text,
  model_ids uuid[] CHECK (cardinality(model_ids) > 0),
  embed_sites text[] NOT NULL DEFAULT '{}',
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  opens integer NOT NULL DEFAULT 0 CHECK (opens >= 0),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  CHECK (num_nonnulls(model_id, tag, model_ids) = 1)
);
CREATE INDEX shares_user ON shares (user_id, created_at DESC, id DESC) WHERE revoked_at IS NULL;
CREATE INDEX shares_model ON shares (model_id);
`;
