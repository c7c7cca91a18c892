package io.tandem.node.http;

/**
 * Ends a request with a problem. Thrown and caught within one request, so it has no stack trace.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /** With what is answered. */
  public Refusal(Problem problem) {
    super(problem.type() + ": " + problem.type().slug(), null, false, false);
    this.problem = problem;
  }

  /** What is answered. */
  public Problem problem() {
    return problem;
  }

  /** There is no such thing, or it is another account's (ACC-5). */
  public static Refusal notFound() {
    return new Refusal(Problem.notFound());
  }

  /** A field that is not allowed as it is. */
  public static Refusal field(String field, String found, String allowed) {
    return new Refusal(Problem.field(field, found, allowed));
  }

  /** Of a kind, with words. */
  public static Refusal of(Problem.Type type, String detail) {
    return new Refusal(Problem.of(type, detail));
  }
}
