import "./no-eval.ts";
import { DesignSystem } from "@metersmith/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { knownModules } from "./mounted-pages.ts";
import { makeQueryClient } from "./query-client.ts";
import { makeRouter } from "./routes.tsx";

const root = document.getElementById("console");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <DesignSystem>
        <QueryClientProvider client={makeQueryClient()}>
          <RouterProvider router={makeRouter(knownModules)} />
        </QueryClientProvider>
      </DesignSystem>
    </StrictMode>,
  );
}
