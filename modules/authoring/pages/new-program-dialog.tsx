import { Button } from "@mantine/core";
import { ChoiceField, Dialog, FailureNotice, FileField, FormButtons, apiListQuery, callApi, fileIn, readJsonFile } from "@metersmith/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { JSX } from "react";
import { deviceTypeSummary } from "../../device-types/api/contract.ts";
import { programDetail, type CreateProgram } from "../api/contract.ts";

/** Makes a program of two files and a type of meter. What is wrong with a file is said with the file and the field, and the form stays. */
export function NewProgramDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }): JSX.Element {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const types = useQuery({ ...apiListQuery("/api/v1/device-types", deviceTypeSummary), enabled: open });
  const making = useMutation({
    mutationFn: async (form: FormData) => callApi("/api/v1/programs", programDetail, { method: "POST", body: await requestOf(form) }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ["/api/v1/programs"] });
      await navigate({ to: "/programs/$id", params: { id } });
    },
  });
  const close = (): void => {
    making.reset();
    onClose();
  };

  return (
    <Dialog title="New program" open={open} onClose={close}>
      {types.isError && <FailureNotice error={types.error} onRetry={() => void types.refetch()} />}
      {types.data !== undefined && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            making.mutate(new FormData(event.currentTarget));
          }}
        >
          <FileField name="tariff" label="Tariff" hint="A rate as OpenEI's rate database gives it (URDB JSON)." />
          <FileField name="answers" label="Answers" hint="What the rate does not say: zone, clock, holidays, years, and the program's code." />
          <ChoiceField name="deviceType" label="Device type" choices={types.data.map(({ id, name }) => ({ value: id, text: `${id}: ${name}` }))} />
          {making.isError && <FailureNotice error={making.error} />}
          <FormButtons>
            <Button variant="default" size="xs" onClick={close}>Cancel</Button>
            <Button type="submit" size="xs" disabled={making.isPending}>Build</Button>
          </FormButtons>
        </form>
      )}
    </Dialog>
  );
}

async function requestOf(form: FormData): Promise<CreateProgram> {
  const deviceType = form.get("deviceType");
  const tariff = fileIn(form, "tariff");
  const answers = fileIn(form, "answers");
  return {
    deviceType: typeof deviceType === "string" ? deviceType : "",
    tariffFile: tariff?.name ?? "",
    tariff: tariff && (await readJsonFile(tariff)),
    answers: answers && (await readJsonFile(answers)),
  };
}
