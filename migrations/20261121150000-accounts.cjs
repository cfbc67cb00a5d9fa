"use strict";

/**
 * People, their sessions, keys and invitations. Of every token only its SHA-256 is kept. The local user of a server
 * without sign-in becomes its first administrator, so nothing changes hands when accounts are turned on.
 */
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
ALTER TABLE users
  ADD COLUMN email varchar(254),
  ADD COLUMN name varchar(200),
  ADD COLUMN password_hash text,
  ADD COLUMN role varchar(10) NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'user', 'viewer')),
  ADD COLUMN locale varchar(2) CHECK (locale IN ('en', 'ru')),
  ADD COLUMN email_verified_at timestamptz(3),
  ADD COLUMN password_changed_at timestamptz(3),
  ADD COLUMN last_sign_in_at timestamptz(3),
  ADD COLUMN disabled_at timestamptz(3),
  ADD COLUMN updated_at timestamptz(3) NOT NULL DEFAULT now(),
  ADD CHECK (email IS NULL OR password_hash IS NOT NULL);
UPDATE users SET role = 'admin' WHERE id = '${LOCAL_USER}';
CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  user_agent varchar(500),
  address inet,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_used_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  revoked_because varchar(20)
    CHECK (revoked_because IN ('logout', 'everywhere', 'reuse', 'password', 'admin', 'deleted'))
);
CREATE INDEX sessions_user ON sessions (user_id, last_used_at DESC) WHERE revoked_at IS NULL;
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE refresh_tokens (
  hash bytea PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  parent_hash bytea,
  access_jti uuid NOT NULL,
  access_expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  used_at timestamptz(3)
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE revoked_tokens (
  jti uuid PRIMARY KEY,
  expires_at timestamptz(3) NOT NULL
);
CREATE INDEX revoked_tokens_expiry ON revoked_tokens (expires_at);

CREATE TABLE one_time_tokens (
  hash bytea PRIMARY KEY,
  purpose varchar(20) NOT NULL CHECK (purpose IN ('first-admin', 'verify-email', 'reset-password')),
  user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  email varchar(254),
  created_by uuid REFERENCES users (id) ON DELETE SET NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3)
);
CREATE INDEX one_time_tokens_user ON one_time_tokens (user_id, purpose);

CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  hash bytea NOT NULL UNIQUE,
  email varchar(254),
  role varchar(10) NOT NULL CHECK (role IN ('admin', 'user', 'viewer')),
  created_by uuid REFERENCES users (id) ON DELETE SET NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  used_by uuid REFERENCES users (id) ON DELETE SET NULL,
  revoked_at timestamptz(3)
);
CREATE INDEX invitations_created_at ON invitations (created_at DESC, id DESC);

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name varchar(100) NOT NULL,
  prefix varchar(20) NOT NULL,
  hash bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'write', 'admin']),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);
CREATE INDEX api_keys_user ON api_keys (user_id, created_at DESC, id DESC);

CREATE TABLE provider_keys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  provider varchar(50) NOT NULL,
  version integer NOT NULL DEFAULT 1,
  wrapping_key_id varchar(32) NOT NULL,
  wrapped_key bytea NOT NULL,
  sealed bytea NOT NULL,
  last_four varchar(4) NOT NULL,
  checked_at timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (user_id, provider)
);

ALTER TABLE audit_log
  ADD COLUMN actor_id uuid,
  ADD COLUMN actor_name varchar(254),
  ADD COLUMN via varchar(10),
  ADD COLUMN api_key_id uuid,
  ADD COLUMN address inet,
  ADD COLUMN user_agent varchar(500);
CREATE INDEX audit_log_actor ON audit_log (actor_id, created_at DESC);

ALTER TABLE models_3d ADD COLUMN visibility varchar(10) NOT NULL DEFAULT 'private'
  CHECK (visibility IN ('private', 'team'));
CREATE INDEX models_3d_owner ON models_3d (user_id, created_at DESC, id DESC);
CREATE INDEX models_3d_team ON models_3d (created_at DESC, id DESC) WHERE visibility = 'team';
CREATE INDEX generation_tasks_owner ON generation_tasks (user_id, created_at DESC, id DESC);
`;

const DOWN = `
DROP INDEX generation_tasks_owner;
DROP INDEX models_3d_owner;
ALTER TABLE models_3d DROP COLUMN visibility;
DROP INDEX audit_log_actor;
ALTER TABLE audit_log DROP COLUMN actor_id, DROP COLUMN actor_name, DROP COLUMN via, DROP COLUMN api_key_id,
  DROP COLUMN address, DROP COLUMN user_agent;
DROP TABLE provider_keys, api_keys, invitations, one_time_tokens, revoked_tokens, refresh_tokens, sessions;
DROP INDEX users_email;
ALTER TABLE users DROP COLUMN email, DROP COLUMN name, DROP COLUMN password_hash, DROP COLUMN role,
  DROP COLUMN locale, DROP COLUMN email_verified_at, DROP COLUMN password_changed_at, DROP COLUMN last_sign_in_at,
  DROP COLUMN disabled_at, DROP COLUMN updated_at;
`;
