import { Component, h, type TargetedSubmitEvent } from "preact";
import type { Chat } from "../chat";
import type { FormField, FormPart } from "../protocol";
import { stringsFor } from "./strings";

interface FormProps {
  chat: Chat;
  form: FormPart;
  live: boolean;
}

/** Questions asked at once; the answers go out as one message, one line each. */
export class Form extends Component<FormProps, { submitted: boolean }> {
  override state = { submitted: false };

  override render({ chat, form, live }: FormProps) {
    const { submitted } = this.state;
    const strings = stringsFor(chat.settings.locale);
    return (
      <form class="card form" onSubmit={this.#submit}>
        <fieldset disabled={submitted || !live}>
          <legend>{form.title}</legend>
          {form.fields.map((field) => (
            // biome-ignore lint/a11y/noLabelWithoutControl: the control is in the label
            <label>
              {field.label}
              {field.required && <span aria-hidden="true"> *</span>}
              <Control field={field} choose={strings.choose} />
            </label>
          ))}
          <button type="submit" class="primary">
            {submitted ? strings.submitted : form.submit}
          </button>
        </fieldset>
      </form>
    );
  }

  readonly #submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const { chat, form } = this.props;
    const answers = new FormData(event.currentTarget);
    const lines = form.fields
      .map(({ name, label }) => ({ label, answer: String(answers.get(name) ?? "").trim() }))
      .filter(({ answer }) => answer !== "")
      .map(({ label, answer }) => `${label}：${answer}`);
    if (lines.length === 0) return;
    chat.session.say(lines.join("\n"));
    this.setState({ submitted: true });
  };
}

function Control({ field, choose }: { field: FormField; choose: string }) {
  const common = { name: field.name, required: field.required ?? false };
  if (field.type === "textarea") return <textarea {...common} rows={3} />;
  if (field.type === "select") {
    return (
      <select {...common}>
        <option value="">{choose}</option>
        {field.options?.map((option) => (
          <option>{option}</option>
        ))}
      </select>
    );
  }
  return <input {...common} type="text" inputMode={field.type} />;
}
