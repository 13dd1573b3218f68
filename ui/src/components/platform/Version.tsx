/** A version; what it was built of, behind the plus sign, is in the tooltip. */
export function Version({ value }: { value: string }) {
  return (
    <span title={value} style={{ whiteSpace: "nowrap" }}>
      {value.split("+", 1)[0]}
    </span>
  );
}
