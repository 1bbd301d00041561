import { useId, type JSX, type ReactNode } from "react";
import classes from "./form-field.module.css";

/** A labelled file chooser for JSON files; the form's `name` gives the `File`. */
export function FileField({ name, label, hint }: { readonly name: string; readonly label: string; readonly hint: ReactNode }): JSX.Element {
  const id = useId();
  return (
    <div className={classes.field}>
      <label htmlFor={id} className={classes.label}>{label}</label>
      <input id={id} name={name} type="file" accept=".json,application/json" required aria-describedby={`${id}-hint`} className={classes.input} />
      <p id={`${id}-hint`} className={classes.hint}>{hint}</p>
    </div>
  );
}

/** A labelled choice of one of a few. */
export function ChoiceField({ name, label, choices }: { readonly name: string; readonly label: string; readonly choices: readonly { readonly value: string; readonly text: string }[] }): JSX.Element {
  const id = useId();
  return (
    <div className={classes.field}>
      <label htmlFor={id} className={classes.label}>{label}</label>
      <select id={id} name={name} required className={classes.input}>
        {choices.map(({ value, text }) => <option key={value} value={value}>{text}</option>)}
      </select>
    </div>
  );
}

/** The buttons at a form's end. */
export function FormButtons({ children }: { readonly children: ReactNode }): JSX.Element {
  return <div className={classes.buttons}>{children}</div>;
}

/** The file of a form's field; undefined where none was chosen. */
export function fileIn(form: FormData, name: string): File | undefined {
  const value = form.get(name);
  return value instanceof File && value.name !== "" ? value : undefined;
}
