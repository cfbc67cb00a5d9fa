"use strict";

/** Create calls have a share of a provider's rate, so that a long queue leaves room for the questions how work goes on. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.query(
      "ALTER TABLE provider_limits ADD COLUMN create_tokens double precision NOT NULL DEFAULT 1",
    );
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query("ALTER TABLE provider_limits DROP COLUMN create_tokens");
  },
};
