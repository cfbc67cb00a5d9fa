import { Component, type ReactNode } from "react";

type Props = {
  children: ReactNode;
  fallback?: (error: unknown) => ReactNode;
  onError?: (error: unknown) => void;
};

/** Keeps an error of the 3D part from taking the page with it. */
export class ErrorBoundary extends Component<Props, { error: unknown; failed: boolean }> {
  override state = { error: undefined as unknown, failed: false };

  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true };
  }

  override componentDidCatch(error: unknown) {
    this.props.onError?.(error);
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return this.props.fallback?.(this.state.error) ?? null;
  }
}
