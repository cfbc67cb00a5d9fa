"use strict";

/**
 * Outgoing webhooks: endpoints, the outbox of their deliveries, and the log of attempts. Triggers write the outbox in
 * the transaction of the change itself, whoever makes the change.
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

/** What no event is made of. */
const UNUSED = "'{idempotency_key,request_digest,result_url,user_id,request_id}'::text[]";

const UP = `
CREATE TABLE webhook_endpoints (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  url text NOT NULL,
  description varchar(200),
  event_types text[] NOT NULL CHECK (cardinality(event_types) > 0),
  secret text NOT NULL,
  previous_secret text,
  previous_secret_until timestamptz(3),
  enabled boolean NOT NULL DEFAULT true,
  disabled_reason varchar(50) CHECK (disabled_reason IN ('paused', 'gone', 'failing')),
  disabled_at timestamptz(3),
  failing_since timestamptz(3),
  failures_in_row integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  CHECK (enabled = (disabled_reason IS NULL) AND enabled = (disabled_at IS NULL)),
  CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);
CREATE INDEX webhook_endpoints_user ON webhook_endpoints (user_id, created_at DESC, id DESC);

CREATE TABLE webhook_deliveries (
  id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  message_id text NOT NULL,
  event_type varchar(100) NOT NULL,
  snapshot jsonb NOT NULL,
  payload text,
  state varchar(50) NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'succeeded', 'failed')),
  attempt_count integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz(3) DEFAULT now(),
  leased_until timestamptz(3),
  fence integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  finished_at timestamptz(3),
  CHECK ((state = 'pending') = (finished_at IS NULL) AND (state = 'pending') = (next_attempt_at IS NOT NULL))
);
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (endpoint_id, created_at DESC, id DESC);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at, endpoint_id) WHERE state = 'pending';

CREATE TABLE webhook_attempts (
  id uuid PRIMARY KEY,
  delivery_id uuid NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
  number integer NOT NULL CHECK (number > 0),
  started_at timestamptz(3) NOT NULL,
  duration_ms integer NOT NULL CHECK (duration_ms >= 0),
  status integer,
  error varchar(50),
  answer text,
  UNIQUE (delivery_id, number),
  CHECK ((status IS NULL) <> (error IS NULL))
);

-- RFC 9562, section 5.7; PostgreSQL has uuidv7() of its own only from 18 on.
CREATE FUNCTION new_uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

CREATE FUNCTION enqueue_webhooks(owner uuid, event text, shown jsonb) RETURNS void LANGUAGE sql VOLATILE AS $$
  WITH message AS MATERIALIZED (SELECT 'msg_' || replace(new_uuid_v7()::text, '-', '') AS id)
  INSERT INTO webhook_deliveries (id, endpoint_id, message_id, event_type, snapshot)
  SELECT new_uuid_v7(), e.id, message.id, $2, $3 FROM webhook_endpoints e, message
   WHERE e.user_id = $1 AND e.enabled AND $2 = ANY (e.event_types)
$$;

CREATE FUNCTION generation_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM webhook_endpoints WHERE user_id = NEW.user_id AND enabled) THEN
    PERFORM enqueue_webhooks(NEW.user_id, 'generation.' || NEW.status, jsonb_build_object(
      'at', now(),
      'generation', to_jsonb(NEW) - ${UNUSED},
      'photo', (SELECT to_jsonb(p) - 'key' FROM photos p WHERE p.id = NEW.photo_id)));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER generation_webhooks AFTER UPDATE OF status ON generation_tasks FOR EACH ROW
  WHEN (OLD.status <> NEW.status AND NEW.status IN ('succeeded', 'failed', 'canceled', 'needs-confirmation'))
  EXECUTE FUNCTION generation_webhooks();

CREATE FUNCTION model_webhooks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM webhook_endpoints WHERE user_id = NEW.user_id AND enabled) THEN
    PERFORM enqueue_webhooks(NEW.user_id, 'model.created', jsonb_build_object(
      'at', now(),
      'model', to_jsonb(m) - '{user_id,search}'::text[],
      'files', (SELECT coalesce(jsonb_agg(to_jsonb(f) - 'key'), '[]') FROM model_files f WHERE f.model_id = m.id),
      'photo', (SELECT to_jsonb(p) - 'key' FROM photos p WHERE p.id = m.photo_id)))
      FROM models_3d m WHERE m.id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
-- At the end of the transaction, because the files of a model are written after it.
CREATE CONSTRAINT TRIGGER model_webhooks AFTER INSERT ON models_3d DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION model_webhooks();
`;

const DOWN = `
DROP TRIGGER model_webhooks ON models_3d;
DROP TRIGGER generation_webhooks ON generation_tasks;
DROP FUNCTION model_webhooks();
DROP FUNCTION generation_webhooks();
DROP FUNCTION enqueue_webhooks(uuid, text, jsonb);
DROP FUNCTION new_uuid_v7();
DROP TABLE webhook_attempts;
DROP TABLE webhook_deliveries;
DROP TABLE webhook_endpoints;
`;
