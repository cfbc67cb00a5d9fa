"use strict";

/** Why nothing is sent to a provider for a while. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.query(`
      CREATE TABLE provider_pauses (
        provider varchar(50) PRIMARY KEY,
        code varchar(100) NOT NULL,
        until timestamptz(3) NOT NULL
      )`);
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query("DROP TABLE provider_pauses");
  },
};
