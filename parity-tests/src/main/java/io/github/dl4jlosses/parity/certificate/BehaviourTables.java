/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import io.github.dl4jlosses.parity.grid.FaultTrial;
import io.github.dl4jlosses.parity.grid.RefusedCall;
import java.util.HashSet;
import java.util.Set;

/** What the losses do where there is no ordinary number: corners, errors, wanted differences, deliberate faults. */
record BehaviourTables(Findings findings) {
    /** NaN, infinities, nothing at all. */
    CertificateTable corners() {
        CertificateTable table = new CertificateTable("loss | numbers | ours: value; gradient | torch | same");
        for (CornerAnswer answer : findings.corners()) {
            table.row(
                    "`" + answer.corner().loss + "`",
                    answer.corner().words,
                    answer.ours(),
                    answer.torch(),
                    answer.differences().isEmpty() ? "yes" : "**no**");
        }
        return table;
    }

    /** Wrong calls; all, or each of torch's messages once for each loss. */
    CertificateTable errors(boolean all) {
        CertificateTable table =
                new CertificateTable("call | torch says | ours adds, or says instead | begins as torch's");
        Set<String> seen = new HashSet<>();
        for (RefusedCall error : findings.errors()) {
            if (!seen.add(error.call().loss.getClass() + error.torch()) && !all) {
                continue;
            }
            table.row(
                    "`" + error.call() + "`",
                    "`" + error.torch() + "`",
                    error.addition().isEmpty() ? "" : "`" + error.addition() + "`",
                    error.isEqual() ? "yes" : "**no**");
        }
        return table;
    }

    /** The wanted differences, as they are today. */
    CertificateTable demonstrations() {
        CertificateTable table = new CertificateTable("difference | asked | ours | torch");
        for (Demonstration demonstration : findings.demonstrations()) {
            table.row(
                    Integer.toString(demonstration.number()),
                    demonstration.what(),
                    demonstration.ours(),
                    demonstration.torch());
        }
        return table;
    }

    /** Mistakes made on purpose. */
    CertificateTable faults() {
        CertificateTable table = new CertificateTable(
                "fault | what is wrong | cases that can show it | caught | no gradient there" + " | no number changes");
        for (FaultTrial trial : findings.faults()) {
            table.row(
                    trial.fault.toString(),
                    trial.fault.what(),
                    Integer.toString(trial.shown),
                    trial.caught == 0 ? "**0**" : Integer.toString(trial.caught),
                    Integer.toString(trial.withoutGradient),
                    Integer.toString(trial.unchanged));
        }
        return table;
    }
}
