/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.dl4jlosses.parity.exact.AccuracySeries;
import io.github.dl4jlosses.parity.exact.Errors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The certificate for programs: everything, unrounded. CellText that JSON lacks are the texts "inf", "-inf" and "NaN". */
final class Json {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private Json() {}

    static String text(Findings findings, Map<String, String> provenance) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("holds", findings.holds());
        all.put("verdict", findings.verdict());
        all.put("failures", findings.failures());
        all.put("made of", provenance);
        all.put("options", findings.rows().stream().map(Json::row).toList());
        all.put("accuracy", findings.accuracies().stream().map(Json::accuracy).toList());
        BehaviourTables behaviour = new BehaviourTables(findings);
        all.put("largest distances", rows(new GridTables(findings).worst(Integer.MAX_VALUE)));
        all.put("corners", rows(behaviour.corners()));
        all.put("errors", rows(behaviour.errors(true)));
        all.put("known differences", findings.known());
        all.put("demonstrations", rows(behaviour.demonstrations()));
        all.put("faults", rows(behaviour.faults()));
        return GSON.toJson(all) + "\n";
    }

    private static Map<String, Object> row(GridRow row) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("loss", row.loss());
        all.put("options", row.options);
        all.put("type", CellText.of(row.type()));
        all.put("cases", row.cases);
        all.put("passed", row.passed);
        all.put("torch is off", row.torchIsOff);
        all.put("loss distances", distances(row.values));
        all.put("gradient distances", distances(row.gradients));
        return all;
    }

    private static Map<String, Object> distances(Distances distances) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("numbers", distances.size());
        all.put("max abs", number(distances.maxAbsolute));
        all.put("max rel", number(distances.maxRelative));
        all.put("median ulp", distances.quantile(.5));
        all.put("p99 ulp", distances.quantile(.99));
        all.put("max ulp", distances.quantile(1));
        all.put("max in ulp of the largest term", number(distances.maxTermUlps));
        return all;
    }

    private static Map<String, Object> accuracy(AccuracySeries accuracy) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", accuracy.name());
        all.put("type", CellText.of(accuracy.type()));
        all.put("results", accuracy.ours().count());
        all.put("ours, ulp", errors(accuracy.ours()));
        all.put("torch, ulp", errors(accuracy.torch()));
        all.put("no further than torch", accuracy.isNoFurtherThanTorch());
        all.put("within the rule", accuracy.violations().isEmpty());
        return all;
    }

    private static Map<String, Object> errors(Errors errors) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("median", number(errors.quantile(.5)));
        all.put("p99", number(errors.quantile(.99)));
        all.put("max", number(errors.largest()));
        all.put("max in ulp of the largest term", number(errors.ofTerm()));
        return all;
    }

    private static Object number(double number) {
        return Double.isFinite(number) ? (Object) number : CellText.of(number);
    }

    private static List<Map<String, String>> rows(CertificateTable table) {
        return table.rows().stream()
                .map(row -> {
                    Map<String, String> cells = new LinkedHashMap<>();
                    for (int i = 0; i < row.size(); i++) {
                        cells.put(table.titles().get(i), row.get(i));
                    }
                    return cells;
                })
                .toList();
    }
}
