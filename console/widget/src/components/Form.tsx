import type { TargetedSubmitEvent } from "preact";
import { useId, useState } from "preact/hooks";
import type { FormField, FormPart } from "../protocol";
import { useChat } from "./context";

/** Questions asked at once; the answers go out as one message, one line each. */
export function Form({ form, live }: { form: FormPart; live: boolean }) {
  const { session, strings } = useChat();
  const [submitted, setSubmitted] = useState(false);

  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const answers = new FormData(event.currentTarget);
    const lines = form.fields
      .map(({ name, label }) => ({ label, answer: String(answers.get(name) ?? "").trim() }))
      .filter(({ answer }) => answer !== "")
      .map(({ label, answer }) => `${label}：${answer}`);
    if (lines.length === 0) return;
    session.say(lines.join("\n"));
    setSubmitted(true);
  };

  return (
    <form class="card form" onSubmit={submit}>
      <fieldset disabled={submitted || !live}>
        <legend>{form.title}</legend>
        {form.fields.map((field) => (
          <Field field={field} />
        ))}
        <button type="submit" class="primary">
          {submitted ? strings.submitted : form.submit}
        </button>
      </fieldset>
    </form>
  );
}

function Field({ field }: { field: FormField }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>
        {field.label}
        {field.required && <span aria-hidden="true"> *</span>}
      </label>
      <Control field={field} id={id} />
    </div>
  );
}

function Control({ field, id }: { field: FormField; id: string }) {
  const { strings } = useChat();
  const common = { id, name: field.name, required: field.required ?? false };
  if (field.type === "textarea") return <textarea {...common} rows={3} />;
  if (field.type === "select") {
    return (
      <select {...common}>
        <option value="">{strings.choose}</option>
        {field.options?.map((option) => (
          <option>{option}</option>
        ))}
      </select>
    );
  }
  return <input {...common} type="text" inputMode={field.type} />;
}
