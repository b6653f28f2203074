import type { Constraint, Constraints } from './constraints.ts';
import { compileFilter, isOperatorDocument } from './match/matcher.ts';
import { compareValues, type Doc, equalValues, isDocument, typeOrder } from './values.ts';

/** Whether every document that meets the constraints is in a partial index: each clause of its filter must follow from them. */
export function impliesPartial(partialFilter: Doc, constraints: Constraints): boolean {
  return Object.entries(partialFilter).every(([name, condition]) => {
    if (name === '$and')
      return (condition as unknown[]).every((each) => isDocument(each) && impliesPartial(each, constraints));
    if (name.startsWith('$')) return false;
    const constraint = constraints.get(name);
    return (
      constraint !== undefined &&
      clausesOf(condition).every(([operator, operand]) => impliesClause(constraint, operator, operand))
    );
  });
}

function clausesOf(condition: unknown): [string, unknown][] {
  return isOperatorDocument(condition) ? Object.entries(condition) : [['$eq', condition]];
}

function impliesClause(constraint: Constraint, operator: string, operand: unknown): boolean {
  if (operator === '$exists' && operand === true && constraint.exists) return true;
  if (constraint.written.some((clause) => operator in clause && equalValues(clause[operator], operand))) return true;
  if (constraint.points && constraint.points.length > 0) {
    const test = compileFilter({ value: { [operator]: operand } });
    return constraint.points.every((value) => test(typeOrder(value) === 0x10 ? {} : { value }));
  }
  return impliesEdge(constraint, operator, operand);
}

function impliesEdge(constraint: Constraint, operator: string, operand: unknown): boolean {
  const edge = operator.startsWith('$g') ? constraint.low : constraint.high;
  if (!edge || !['$gt', '$gte', '$lt', '$lte'].includes(operator) || typeOrder(edge.value) !== typeOrder(operand))
    return false;
  const order = compareValues(edge.value, operand) * (operator.startsWith('$g') ? 1 : -1);
  return order > 0 || (order === 0 && (operator.endsWith('e') || !edge.inclusive));
}
