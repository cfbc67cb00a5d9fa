"use strict";

/** The balance that a pause began with, and when it was last asked for: the pause ends when it has grown. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.query(
      "ALTER TABLE provider_pauses ADD COLUMN balance_roubles numeric(12, 2), ADD COLUMN checked_at timestamptz(3)",
    );
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query(
      "ALTER TABLE provider_pauses DROP COLUMN balance_roubles, DROP COLUMN checked_at",
    );
  },
};
