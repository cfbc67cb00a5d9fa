"use strict";

/** A model may have a bound of its own for the bytes of the file that viewers load. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.query(
      "ALTER TABLE models_3d ADD COLUMN max_bytes integer CHECK (max_bytes > 0)",
    );
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query("ALTER TABLE models_3d DROP COLUMN max_bytes");
  },
};
