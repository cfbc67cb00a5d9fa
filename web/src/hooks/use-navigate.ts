import { useLocation } from "wouter";

/** The function that changes the view; the same one at every render. */
export function useNavigate() {
  return useLocation()[1];
}
