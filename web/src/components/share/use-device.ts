import { useQuery } from "@tanstack/react-query";
import { browserFacts, type Device, describeDevice } from "../../ar/device.ts";

/** What this device can do for augmented reality; null until it has answered. */
export function useDevice(): Device | null {
  const query = useQuery({
    queryKey: ["device"],
    queryFn: async () => describeDevice(await browserFacts()),
    networkMode: "always",
    staleTime: Number.POSITIVE_INFINITY,
  });
  return query.data ?? null;
}
