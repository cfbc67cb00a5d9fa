import { MaintenanceCard } from "./maintenance-card.tsx";
import { OrphansCard } from "./orphans-card.tsx";
import { ProcessesCard } from "./processes-card.tsx";

/** What can be switched. */
export function ControlView() {
  return (
    <>
      <MaintenanceCard />
      <ProcessesCard />
      <OrphansCard />
    </>
  );
}
