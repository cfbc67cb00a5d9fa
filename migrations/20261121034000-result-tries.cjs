"use strict";

/** How often the finished result was tried, and how often all tries together failed. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.query(`
      ALTER TABLE generation_tasks
        ADD COLUMN result_tries integer NOT NULL DEFAULT 0,
        ADD COLUMN result_refusals integer NOT NULL DEFAULT 0`);
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query(`
      ALTER TABLE generation_tasks DROP COLUMN result_tries, DROP COLUMN result_refusals`);
  },
};
