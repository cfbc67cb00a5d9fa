"use strict";

/** Work that nobody waits for any more and that the provider called about, so that the sweep finds it at once. */
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
CREATE INDEX generation_tasks_called ON generation_tasks (wake_at)
  WHERE remote_id IS NULL AND status IN ('needs-confirmation', 'canceled') AND wake_at IS NOT NULL;
`;

const DOWN = `
DROP INDEX generation_tasks_called;
`;
