import { Invitation } from "@metersmith/ui";
import { Link } from "@tanstack/react-router";
import type { JSX } from "react";

export function NotFoundPage(): JSX.Element {
  return (
    <>
      <title>Nothing here · Metersmith</title>
      <Invitation icon="search" title="There is no page at this address">
        The address may be mistyped, or belong to another site: meters are at the utility's, device types at the manufacturer's. <Link to="/">Go to the first page</Link>.
      </Invitation>
    </>
  );
}
