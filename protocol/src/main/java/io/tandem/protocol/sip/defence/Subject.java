package io.tandem.protocol.sip.defence;

/** Who is counted and banned. */
public sealed interface Subject {

  /** All who come from there. */
  record Address(Network network) implements Subject {
    @Override
    public String text() {
      return "address " + network;
    }
  }

  /** All who claim that SIP user name, whether there is one or not. */
  record Account(String name) implements Subject {
    private static final int LENGTH_MAX = 100;

    /** Strangers choose names: a long one is told apart by its beginning. */
    public Account {
      name = name.length() > LENGTH_MAX ? name.substring(0, LENGTH_MAX) : name;
    }

    @Override
    public String text() {
      return "account " + name;
    }
  }

  /** As it is stored and shown; {@link #parse} reads it. */
  String text();

  /** Reads {@link #text}; empty when it is none. */
  static java.util.Optional<Subject> parse(String text) {
    if (text.startsWith("address ")) {
      return Network.parse(text.substring("address ".length())).map(Address::new);
    }
    return text.startsWith("account ")
        ? java.util.Optional.of(new Account(text.substring("account ".length())))
        : java.util.Optional.empty();
  }
}
