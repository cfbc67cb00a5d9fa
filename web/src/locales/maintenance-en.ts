/** Texts of the notice that is on every page during maintenance; they are fetched after the page. */
export const maintenanceEn = {
  title: "Maintenance is under way: you can look at everything, changes have to wait.",
} as const;
