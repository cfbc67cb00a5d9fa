import { HealthCard } from "./health-card.tsx";
import { WorkCard } from "./work-card.tsx";

/** What one looks at first. */
export function OverviewView() {
  return (
    <>
      <HealthCard />
      <WorkCard />
    </>
  );
}
