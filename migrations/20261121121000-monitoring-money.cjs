"use strict";

/** So that the sum of all money is read from an index alone. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.query(
      "CREATE INDEX spendings_state ON spendings (provider, state) INCLUDE (roubles)",
    );
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query("DROP INDEX spendings_state");
  },
};
