package io.tandem.node.http.operation;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Problem;
import io.tandem.node.http.Refusal;
import io.tandem.node.recording.RecordingShelf;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.RecordingPlace;
import java.io.IOException;
import java.util.List;

/**
 * The recording of a call (TEL-14): heard and paused by the accounts that are on it, the campaign's
 * and that of the agent who took it, and by the operator.
 */
final class RecordingOperations {
  private final Entities entities;

  RecordingOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    String one = "/v1/calls/{callId}/recording";
    return List.of(
        Operation.get("readRecording", one, Access.READ, this::read),
        Operation.post(
                "pauseRecording", one + "/pause", Access.WRITE, request -> pause(request, true))
            .withoutBody(),
        Operation.post(
                "resumeRecording", one + "/resume", Access.WRITE, request -> pause(request, false))
            .withoutBody());
  }

  private Work read(ApiRequest request) {
    String id = request.path("callId");
    String format = request.query().text("format").orElse("");
    if (!format.isEmpty() && !format.equals("wav") && !format.equals("opus")) {
      throw Refusal.field("format", "'" + format + "'", "wav or opus");
    }
    return origin -> {
      RecordingPlace place = recorded(id, request.caller(), origin);
      return switch (entities.ports().recordings().read(place)) {
        case RecordingShelf.Reading.Read read -> sound(read, format);
        case RecordingShelf.Reading.Erased _ -> throw Refusal.notFound();
        case RecordingShelf.Reading.Elsewhere(String node) ->
            throw Refusal.of(Problem.Type.CONFLICT, "It is kept on node " + node + ".");
        case RecordingShelf.Reading.Unreadable(String reason) ->
            throw Refusal.of(Problem.Type.INTERNAL, "It cannot be read: " + reason);
      };
    };
  }

  private static Answer sound(RecordingShelf.Reading.Read kept, String format) {
    try {
      if (format.equals("wav") && kept.format() != RecordingShelf.Format.WAV) {
        kept.close();
        throw Refusal.of(Problem.Type.CONFLICT, "It was recorded as Opus.");
      }
      RecordingShelf.Reading.Read wanted = format.equals("opus") ? kept.asOpus() : kept;
      return Answer.octets(
          wanted.format().mediaType(), new Answer.Octets(wanted.sound(), wanted.octets()));
    } catch (IOException unreadable) {
      throw Refusal.of(Problem.Type.INTERNAL, "It cannot be read: " + unreadable);
    }
  }

  private Work pause(ApiRequest request, boolean paused) {
    String id = request.path("callId");
    return origin -> {
      RecordingPlace unused = recorded(id, request.caller(), origin);
      Reply reply = entities.ask("call", id, new CallCommand.PauseRecording(paused), origin);
      if (!(reply instanceof CallReply.Noted)) {
        throw Refusal.of(Problem.Type.CONFLICT, "The call is not being recorded.");
      }
      return Answer.ok(
          form(id, request.caller(), origin).recordingJson().orElseThrow(Refusal::notFound));
    };
  }

  private RecordingPlace recorded(String id, Caller caller, Origin origin) {
    return form(id, caller, origin)
        .recording()
        .map(recording -> recording.decided().place())
        .orElseThrow(Refusal::notFound);
  }

  private CallForm form(String id, Caller caller, Origin origin) {
    Reply reply = entities.ask("call", id, new CallCommand.Read(), origin);
    if (!(reply instanceof CallReply.View view)
        || !(view.state() instanceof CallState.Begun call)) {
      throw Refusal.notFound();
    }
    return new CallForm(call, caller);
  }
}
