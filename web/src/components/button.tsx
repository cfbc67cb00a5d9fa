import type { ComponentProps } from "react";
import { Link } from "wouter";
import styles from "./button.module.css";

type Variant = "plain" | "primary" | "danger" | "quiet";

/** The class names of a button, for links and for primitives that bring their own element. */
export function buttonClass(variant: Variant = "plain", icon = false): string {
  return [styles.button, variant !== "plain" && styles[variant], icon && styles.icon]
    .filter(Boolean)
    .join(" ");
}

interface ButtonProps extends ComponentProps<"button"> {
  variant?: Variant;
  /** Only a picture inside: give an `aria-label`. */
  icon?: boolean;
}

export function Button({ variant = "plain", icon = false, className = "", ...rest }: ButtonProps) {
  return <button type="button" {...rest} className={`${buttonClass(variant, icon)} ${className}`} />;
}

interface ButtonLinkProps {
  href: string;
  variant?: Variant;
  children: React.ReactNode;
}

/** A link to another view that looks like a button. */
export function ButtonLink({ href, variant = "plain", children }: ButtonLinkProps) {
  return (
    <Link href={href} className={buttonClass(variant)}>
      {children}
    </Link>
  );
}
