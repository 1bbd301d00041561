import { useMantineColorScheme } from "@mantine/core";
import { Icon } from "@metersmith/ui";
import type { JSX } from "react";

const next = { auto: "light", light: "dark", dark: "auto" } as const;
const words = { auto: "as the system", light: "light", dark: "dark" } as const;

/** Goes through light, dark and the system's own; kept in this browser. */
export function ColourSchemeButton({ className }: { readonly className: string | undefined }): JSX.Element {
  // Holding transitions back would take an inline style element, which the content security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const label = `Colours: ${words[colorScheme]}. Change to ${words[next[colorScheme]]}`;
  return (
    <button type="button" className={className} aria-label={label} title={label} onClick={() => setColorScheme(next[colorScheme])}>
      <Icon name={colorScheme} />
    </button>
  );
}
