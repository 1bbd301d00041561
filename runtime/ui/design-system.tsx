import { Button, MantineProvider, createTheme } from "@mantine/core";
import type { JSX, ReactNode } from "react";
import "./design-system.css";

const theme = createTheme({
  defaultRadius: 4,
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    // Mantine writes white on every filled button; on the light accent of the dark scheme that cannot be read.
    Button: Button.extend({ vars: (_theme, { variant = "filled" }) => ({ root: variant === "filled" ? { "--button-color": "var(--on-accent)" } : {} }) }),
  },
});

/**
 * Theme and colour scheme (light, dark or the system's). Variables come from `palette.css` alone: nothing is injected as an
 * inline style element, so a content security policy of `style-src 'self'` holds.
 */
export function DesignSystem({ children }: { readonly children: ReactNode }): JSX.Element {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      {children}
    </MantineProvider>
  );
}
