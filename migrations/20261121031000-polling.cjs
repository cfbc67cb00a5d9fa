"use strict";

/** What the poller looks for: remote work by the time of its next poll, and since when a result's address is missing. */
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
ALTER TABLE generation_tasks ADD COLUMN result_missing_since timestamptz(3);
CREATE INDEX generation_tasks_poll ON generation_tasks (provider, wake_at)
  WHERE remote_id IS NOT NULL AND status IN ('processing', 'canceled') AND wake_at IS NOT NULL;
DROP INDEX generation_tasks_rescue;
`;

const DOWN = `
CREATE INDEX generation_tasks_rescue ON generation_tasks (wake_at) WHERE status = 'canceled' AND wake_at IS NOT NULL;
DROP INDEX generation_tasks_poll;
ALTER TABLE generation_tasks DROP COLUMN result_missing_since;
`;
