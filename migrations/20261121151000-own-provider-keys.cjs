"use strict";

/** Which key pays for a generation, its attempts and what they spend: the service's, or the user's own. */
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
ALTER TABLE generation_tasks ADD COLUMN key_source varchar(10) NOT NULL DEFAULT 'service'
  CHECK (key_source IN ('service', 'own'));
ALTER TABLE generation_attempts ADD COLUMN key_source varchar(10) NOT NULL DEFAULT 'service'
  CHECK (key_source IN ('service', 'own'));
ALTER TABLE spendings ADD COLUMN key_source varchar(10) NOT NULL DEFAULT 'service'
  CHECK (key_source IN ('service', 'own'));
`;

const DOWN = `
ALTER TABLE spendings DROP COLUMN key_source;
ALTER TABLE generation_attempts DROP COLUMN key_source;
ALTER TABLE generation_tasks DROP COLUMN key_source;
`;
