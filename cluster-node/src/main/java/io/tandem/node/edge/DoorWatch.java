package io.tandem.node.edge;

import io.tandem.node.directory.Directory;
import io.tandem.node.security.SecurityCommand;
import io.tandem.node.security.SecurityDesk;
import io.tandem.node.security.SecurityRules;
import io.tandem.node.security.Sighting;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.readmodel.SipBan;
import io.tandem.persistence.security.Loop;
import io.tandem.persistence.security.SecurityState;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Tells the security log what befalls the SIP doors (ACC-8, TEL-9): wrong passwords, bans, calls
 * that came round again. Where they came from is sealed as data about a person.
 */
public final class DoorWatch {
  private static final String SIP = "SIP";

  private final SecurityDesk desk;
  private final Blinder blinder;
  private final Directory directory;

  public DoorWatch(SecurityDesk desk, Blinder blinder, Directory directory) {
    this.desk = desk;
    this.blinder = blinder;
    this.directory = directory;
  }

  /**
   * A wrong password.
   *
   * @param user as whom, whether there is one or not: only names that exist are told
   */
  void wrongPassword(String user, InetAddress from) {
    String owner = owner(user).orElse(null);
    String login = owner == null ? null : user;
    Personal<String> source = address(from.getHostAddress());
    desk.saw(
        new Sighting(
            "security.logins-failed",
            owner == null ? SecurityState.PLATFORM : owner,
            SIP + ' ' + source.subject() + ' ' + login,
            desk.loginFailures(),
            null,
            null,
            (count, since, to) ->
                new SecurityCommand.NoteLogins(SIP, login, source, count, since, to)));
  }

  /** A ban that this edge pronounced and that is stored; told again it is noted once. */
  void banned(SipBan ban) {
    boolean address = ban.subject().startsWith("address ");
    String name = ban.subject().substring(ban.subject().indexOf(' ') + 1);
    String whose = address ? SecurityState.PLATFORM : owner(name).orElse(SecurityState.PLATFORM);
    byte[] marks = Hash.of(ban.id().getBytes(StandardCharsets.UTF_8)).toBytes();
    desk.saw(
        new Sighting(
            "security.banned",
            whose,
            ban.id(),
            1,
            SecurityRules.log(whose, ban.from()),
            TimedId.derived("ban", ban.from(), marks),
            (count, since, to) ->
                new SecurityCommand.NoteBan(
                    ban.id(),
                    address,
                    address ? address(name) : user(name),
                    ban.offence(),
                    ban.edgeId(),
                    ban.from(),
                    ban.until())));
  }

  /**
   * A call that was refused because it came round again.
   *
   * @param whose the account of the agent whose phone sent it back, else of the number
   */
  void loop(String whose, Loop loop) {
    desk.saw(
        new Sighting(
            "security.loop-refused",
            whose,
            loop.ground() + ' ' + loop.called() + ' ' + loop.source().subject(),
            1,
            null,
            null,
            (count, since, to) -> new SecurityCommand.NoteLoop(loop, count, since, to)));
  }

  /** An address that somebody came from: it goes when callers' numbers of its month go (PRV-1). */
  Personal<String> address(String text) {
    return Personal.of("person:" + blinder.blind("address", text), DataClass.CALL_NUMBER, text);
  }

  private Personal<String> user(String name) {
    return Personal.of("person:" + blinder.blind("endpoint", name), DataClass.CALL_NUMBER, name);
  }

  private Optional<String> owner(String user) {
    return directory
        .endpoint(user)
        .map(EndpointState::credentials)
        .map(EndpointState.Credentials::accountId);
  }
}
