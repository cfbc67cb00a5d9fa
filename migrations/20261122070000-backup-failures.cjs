"use strict";

/** Why a run came to nothing, as a code and in both languages; `error` stays as the English sentence. */
module.exports = {
  up: (queryInterface) => queryInterface.sequelize.query("ALTER TABLE backup_runs ADD COLUMN failure jsonb"),
  down: (queryInterface) => queryInterface.sequelize.query("ALTER TABLE backup_runs DROP COLUMN failure"),
};
