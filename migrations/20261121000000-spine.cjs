"use strict";

/** Photos, generations with their attempts, models with their files, and the notices that tell of changes. */
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
const VISIBLE_CHANGE = `(OLD.status, OLD.stage, OLD.progress, OLD.attempts, OLD.error)
  IS DISTINCT FROM (NEW.status, NEW.stage, NEW.progress, NEW.attempts, NEW.error)`;

const UP = `
CREATE TABLE photos (
  id uuid PRIMARY KEY,
  sha256 char(64) NOT NULL UNIQUE,
  key text NOT NULL UNIQUE,
  media_type text NOT NULL,
  bytes integer NOT NULL CHECK (bytes > 0),
  width integer NOT NULL CHECK (width > 0),
  height integer NOT NULL CHECK (height > 0),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE SEQUENCE generation_version_seq;

CREATE TABLE generation_tasks (
  id uuid PRIMARY KEY,
  status varchar(50) NOT NULL DEFAULT 'queued' CHECK (status IN
    ('queued', 'submitting', 'processing', 'finishing', 'succeeded', 'failed', 'canceled', 'needs-confirmation')),
  stage varchar(50),
  progress real CHECK (progress BETWEEN 0 AND 100),
  provider varchar(50) NOT NULL,
  network varchar(64) NOT NULL,
  preset varchar(50),
  params jsonb NOT NULL,
  name varchar(200) NOT NULL,
  tags text[] NOT NULL DEFAULT '{}',
  dimensions jsonb,
  photo_id uuid NOT NULL REFERENCES photos (id),
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  remote_id text,
  result_url text,
  report jsonb NOT NULL DEFAULT '{}',
  cost numeric(12, 2),
  error jsonb,
  reserved_model_id uuid NOT NULL,
  request_id text,
  idempotency_key text,
  request_digest char(64),
  fence integer NOT NULL DEFAULT 0,
  wake_at timestamptz(3),
  deadline_at timestamptz(3),
  version bigint NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  started_at timestamptz(3),
  finished_at timestamptz(3),
  CHECK ((status IN ('succeeded', 'failed', 'canceled')) = (finished_at IS NOT NULL)),
  CHECK (status <> 'failed' OR error IS NOT NULL)
);
CREATE UNIQUE INDEX generation_tasks_idempotency_key ON generation_tasks (idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE UNIQUE INDEX generation_tasks_remote_id ON generation_tasks (provider, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX generation_tasks_created_at ON generation_tasks (created_at DESC, id DESC);
CREATE INDEX generation_tasks_status ON generation_tasks (status, created_at DESC, id DESC);
CREATE INDEX generation_tasks_photo_id ON generation_tasks (photo_id);
CREATE INDEX generation_tasks_open ON generation_tasks (wake_at)
  WHERE status IN ('queued', 'submitting', 'processing', 'finishing');

CREATE TABLE generation_attempts (
  id uuid PRIMARY KEY,
  generation_id uuid NOT NULL REFERENCES generation_tasks (id) ON DELETE CASCADE,
  number integer NOT NULL CHECK (number > 0),
  nonce char(32) NOT NULL UNIQUE,
  state varchar(50) NOT NULL DEFAULT 'open'
    CHECK (state IN ('open', 'accepted', 'finished', 'refused', 'unsent', 'unknown')),
  remote_id text,
  message text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  closed_at timestamptz(3),
  UNIQUE (generation_id, number),
  CHECK ((state = 'open') = (closed_at IS NULL))
);
CREATE UNIQUE INDEX generation_attempts_one_open ON generation_attempts (generation_id) WHERE state = 'open';

CREATE FUNCTION search_document(name text, description text, tags text[]) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT to_tsvector('pg_catalog.simple', name || ' ' || coalesce(description, '') || ' ' || array_to_string(tags, ' ')) $$;

CREATE TABLE models_3d (
  id uuid PRIMARY KEY,
  name varchar(200) NOT NULL,
  description text,
  status VARCHAR(50) DEFAULT 'active' NOT NULL CHECK (status IN ('active', 'archived')),
  tags text[] NOT NULL DEFAULT '{}',
  dimensions jsonb NOT NULL,
  stats jsonb NOT NULL,
  report jsonb,
  metadata jsonb NOT NULL DEFAULT '{}',
  provider varchar(50),
  network varchar(64),
  generation_id uuid UNIQUE REFERENCES generation_tasks (id) ON DELETE SET NULL,
  photo_id uuid REFERENCES photos (id),
  version integer NOT NULL DEFAULT 1,
  search tsvector GENERATED ALWAYS AS (search_document(name, description, tags)) STORED,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3)
);
CREATE INDEX models_3d_created_at ON models_3d (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX models_3d_updated_at ON models_3d (status, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX models_3d_name ON models_3d (status, lower(name), id) WHERE deleted_at IS NULL;
CREATE INDEX models_3d_deleted ON models_3d (created_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX models_3d_search ON models_3d USING gin (search);
CREATE INDEX models_3d_tags ON models_3d USING gin (tags);
CREATE INDEX models_3d_photo_id ON models_3d (photo_id);

CREATE TABLE model_files (
  id uuid PRIMARY KEY,
  model_id uuid NOT NULL REFERENCES models_3d (id) ON DELETE CASCADE,
  kind varchar(50) NOT NULL,
  key text NOT NULL UNIQUE,
  bytes integer NOT NULL CHECK (bytes > 0),
  sha256 char(64) NOT NULL,
  media_type text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (model_id, kind)
);

CREATE FUNCTION generation_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := nextval('generation_version_seq');
  NEW.updated_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER generation_created BEFORE INSERT ON generation_tasks
  FOR EACH ROW EXECUTE FUNCTION generation_touched();
CREATE TRIGGER generation_touched BEFORE UPDATE ON generation_tasks
  FOR EACH ROW WHEN (${VISIBLE_CHANGE}) EXECUTE FUNCTION generation_touched();

CREATE FUNCTION generation_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('generation_changed', NEW.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER generation_created_notice AFTER INSERT ON generation_tasks
  FOR EACH ROW EXECUTE FUNCTION generation_notice();
CREATE TRIGGER generation_notice AFTER UPDATE ON generation_tasks
  FOR EACH ROW WHEN (${VISIBLE_CHANGE}) EXECUTE FUNCTION generation_notice();

CREATE FUNCTION model_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER model_touched BEFORE UPDATE ON models_3d FOR EACH ROW EXECUTE FUNCTION model_touched();
`;

const DOWN = `
DROP TABLE model_files;
DROP TABLE models_3d;
DROP FUNCTION search_document(text, text, text[]);
DROP TABLE generation_attempts;
DROP TABLE generation_tasks;
DROP SEQUENCE generation_version_seq;
DROP TABLE photos;
DROP FUNCTION generation_touched();
DROP FUNCTION generation_notice();
DROP FUNCTION model_touched();
`;
