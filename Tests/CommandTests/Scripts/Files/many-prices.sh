# Writes a contract with a table of as many rows as it is told.
cat <<'TEXT'
contract Prices version 1
  title "Prices by code"
role Clerk
case { code: Integer due: CNY starts 0 CNY }
final state billed
action bill opens billed by Clerk enters code { set due to price(code) }
table price(code: Integer) gives price: CNY first {
  | code || price |
TEXT
i=0
while [ "$i" -lt "$1" ]; do
  echo "  | $i || $i.50 CNY |"
  i=$((i + 1))
done
echo "  | any || 0 CNY |"
echo "}"
