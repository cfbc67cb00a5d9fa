"use strict";

/** Create calls may fail while all else of a provider works; then they alone are held back. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.query(`
      ALTER TABLE provider_limits
        ADD COLUMN create_failures integer NOT NULL DEFAULT 0,
        ADD COLUMN creates_after timestamptz`);
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query(
      "ALTER TABLE provider_limits DROP COLUMN create_failures, DROP COLUMN creates_after",
    );
  },
};
