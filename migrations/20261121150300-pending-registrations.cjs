"use strict";

/** What somebody who registered has chosen waits in their link: before its use there is no account. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.query("ALTER TABLE one_time_tokens ADD COLUMN payload jsonb");
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query("ALTER TABLE one_time_tokens DROP COLUMN payload");
  },
};
