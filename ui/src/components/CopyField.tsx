import { ActionIcon, CopyButton, Group, Text, Tooltip } from "@mantine/core";
import IconCheck from "@tabler/icons-react/icons/IconCheck";
import IconCopy from "@tabler/icons-react/icons/IconCopy";
import styles from "./CopyField.module.css";

/** A button that copies a text and says so. */
export function CopyIcon({ value, label }: { value: string; label: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : `Copy ${label}`}>
          <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={`Copy ${label}`}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            <span className="visually-hidden" role="status">
              {copied ? "Copied" : ""}
            </span>
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

interface CopyFieldProps {
  value: string;
  /** What it is, for the button's name: `the address`. */
  label: string;
}

/** A short text to copy, in one line. */
export function CopyField({ value, label }: CopyFieldProps) {
  return (
    <Group gap={4} wrap="nowrap" className={styles.field}>
      <Text ff="monospace" size="sm" className={styles.value}>
        {value}
      </Text>
      <CopyIcon value={value} label={label} />
    </Group>
  );
}

interface CodeBlockProps extends CopyFieldProps {
  /** Whose lines mean nothing, such as a receiver's answer: a long one is broken. */
  wrapped?: boolean;
}

/** Several lines to copy, such as a configuration, whose long lines scroll. */
export function CodeBlock({ value, label, wrapped = false }: CodeBlockProps) {
  return (
    <div className={styles.block} data-wrapped={wrapped || undefined}>
      {/* It scrolls, so one has to be able to get there without a mouse. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label={label}>
        <code>{value}</code>
      </pre>
      <div className={styles.corner}>
        <CopyIcon value={value} label={label} />
      </div>
    </div>
  );
}
