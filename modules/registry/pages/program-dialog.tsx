import { Button } from "@mantine/core";
import { Dialog, FailureNotice, Invitation, apiListQuery, shortenMiddle } from "@metersmith/ui";
import { useQuery } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { libraryProgram } from "../../library/api/contract.ts";
import classes from "./program-dialog.module.css";

interface ProgramDialogProps {
  readonly open: boolean;
  readonly serial: string;
  readonly deviceType: string;
  readonly currentId: string | undefined;
  readonly onClose: () => void;
  readonly onChoose: (program: string) => void;
}

/** Chooses a program of the library for one meter; only those built for its device type are offered. */
export function ProgramDialog({ open, serial, deviceType, currentId, onClose, onChoose }: ProgramDialogProps): JSX.Element {
  const [chosen, setChosen] = useState<string>();
  const programs = useQuery({ ...apiListQuery("/api/v1/library-programs", libraryProgram), enabled: open });
  const fitting = programs.data?.filter((program) => program.deviceType === deviceType);
  const choice = fitting?.find((program) => program.id === (chosen ?? currentId)) ?? fitting?.[0];

  return (
    <Dialog title={`Program meter ${serial}`} open={open} onClose={onClose}>
      {programs.isError && <FailureNotice error={programs.error} onRetry={() => void programs.refetch()} />}
      {fitting?.length === 0 && (
        <Invitation icon="program" title={`No program for ${deviceType} in the library`}>
          Make one at the manufacturer's site and take it into the library.
        </Invitation>
      )}
      {fitting !== undefined && fitting.length > 0 && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (choice !== undefined) onChoose(choice.id);
          }}
        >
          <fieldset className={classes.programs}>
            <legend>Programs of the library for {deviceType}</legend>
            {fitting.map((program) => (
              <label key={program.id} className={classes.program}>
                {/* The list comes after the dialog has opened: the focus is brought to it, where the arrow keys choose. */}
                <input type="radio" name="program" autoFocus={program.id === choice?.id} checked={program.id === choice?.id} onChange={() => setChosen(program.id)} />
                <span>
                  <strong>{program.code} version {program.version}</strong> {program.name}
                  <span className={classes.quiet}>{shortenMiddle(program.digest)}{program.id === currentId ? " · on the meter now" : ""}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <p className={classes.quiet}>
            The meter's tables are read and compared first. Only bits that differ and that you may change are written; then all is read back.
          </p>
          <div className={classes.buttons}>
            <Button variant="default" size="xs" onClick={onClose}>Cancel</Button>
            <Button type="submit" size="xs">Program {serial}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
